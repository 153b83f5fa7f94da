//! Our own line icons, drawn on a grid of 24 with a stroke of 1.6.

use leptos::prelude::*;

/// An icon by what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconName {
    /// New.
    Plus,
    /// Send a message.
    Send,
    /// Stop what is running.
    Stop,
    /// Once more.
    Refresh,
    /// Change.
    Edit,
    /// Copy to the clipboard.
    Copy,
    /// Wrap lines that are too long.
    Wrap,
    /// Done, chosen.
    Check,
    /// Delete.
    Trash,
    /// Further acts.
    More,
    /// Search.
    Search,
    /// Show the sidebar.
    Menu,
    /// Narrow or widen the sidebar.
    Panel,
    /// Close, dismiss.
    Close,
    /// Towards the start of the line.
    ChevronLeft,
    /// Towards the end of the line.
    ChevronRight,
    /// Opens below.
    ChevronDown,
    /// Ascending.
    ChevronUp,
    /// API key.
    Key,
    /// Members.
    Users,
    /// Connection to a provider.
    Plug,
    /// Usage.
    Gauge,
    /// Calls, audit, anything in lines.
    List,
    /// Roles, security.
    Shield,
    /// The ledger.
    Book,
    /// One member.
    User,
    /// Leave.
    SignOut,
    /// Language.
    Globe,
    /// Day.
    Sun,
    /// Night.
    Moon,
    /// Careful.
    Warning,
    /// For your information.
    Info,
    /// Reasoning, model.
    Brain,
    /// Cost, price.
    Coins,
    /// Address, invitation.
    Link,
    /// Start, demo.
    Play,
    /// Settings.
    Sliders,
    /// Chat.
    Chat,
    /// Overview.
    Home,
    /// Save to a file.
    Download,
    /// How the house is doing.
    Pulse,
    /// Days.
    Calendar,
}

impl IconName {
    /// Every icon, for the page of the design language.
    pub const ALL: [Self; 42] = [
        Self::Plus,
        Self::Send,
        Self::Stop,
        Self::Refresh,
        Self::Edit,
        Self::Copy,
        Self::Wrap,
        Self::Check,
        Self::Trash,
        Self::More,
        Self::Search,
        Self::Menu,
        Self::Panel,
        Self::Close,
        Self::ChevronLeft,
        Self::ChevronRight,
        Self::ChevronDown,
        Self::ChevronUp,
        Self::Key,
        Self::Users,
        Self::Plug,
        Self::Gauge,
        Self::List,
        Self::Shield,
        Self::Book,
        Self::User,
        Self::SignOut,
        Self::Globe,
        Self::Sun,
        Self::Moon,
        Self::Warning,
        Self::Info,
        Self::Brain,
        Self::Coins,
        Self::Link,
        Self::Play,
        Self::Sliders,
        Self::Chat,
        Self::Home,
        Self::Download,
        Self::Pulse,
        Self::Calendar,
    ];

    /// Strokes of the icon as one path.
    const fn path(self) -> &'static str {
        match self {
            Self::Plus => "M12 5v14M5 12h14",
            Self::Send => "M12 19V5M6 11l6-6 6 6",
            Self::Stop => "M7 7h10v10H7z",
            Self::Refresh => "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4.5V9H15",
            Self::Edit => "M4.5 19.5l1-4L16 5a2 2 0 0 1 3 3L8.5 18.500zM13.5 7.500l3 3",
            Self::Copy => "M9 9h10.500v10.500H9zM6 15H4.500V4.500H15V6",
            Self::Wrap => {
                "M4 6h16M4 12h13a3 3 0 0 1 0 6h-4.500M15.5 15.500L13 18l2.500 2.500M4 18h4"
            }
            Self::Check => "M5 12.500l4.5 4.500L19 7.5",
            Self::Trash => {
                "M4.5 7h15M9.5 7V4.500h5V7M6.5 7l.8 12.500h9.400L17.5 7M10.5 11v5M13.5 11v5"
            }
            Self::More => {
                "M4.75 12a.75.75 0 1 0 1.5 0 .75.75 0 1 0-1.5 0zM11.25 12a.75.75 0 1 0 1.5 0 .75.75 0 1 0-1.5 0zM17.75 12a.75.75 0 1 0 1.5 0 .75.75 0 1 0-1.5 0z"
            }
            Self::Search => "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.500l4.5 4.5",
            Self::Menu => "M4 7h16M4 12h16M4 17h10",
            Self::Panel => "M4 5h16v14H4zM9.5 5v14",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::ChevronLeft => "M14.5 6l-6 6 6 6",
            Self::ChevronRight => "M9.5 6l6 6-6 6",
            Self::ChevronDown => "M6 9.500l6 6 6-6",
            Self::ChevronUp => "M6 14.500l6-6 6 6",
            Self::Key => {
                "M8 20a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM11 13l8.5-8.500M15.5 8.500l3 3M18 6l1.5 1.5"
            }
            Self::Users => {
                "M9 11.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 19.500a6 6 0 0 1 12 0M15.5 5a3.5 3.5 0 0 1 0 6.500M17.5 14.500a6 6 0 0 1 3.5 5"
            }
            Self::Plug => "M9 3.500V8M15 3.500V8M6.5 8h11v3.500a5.5 5.5 0 0 1-11 0zM12 17v3.5",
            Self::Gauge => "M5.6 18.500a9 9 0 1 1 12.8 0M12 13.500L15.5 9M12 13.500h.01",
            Self::List => "M9 6.500h11M9 12h11M9 17.500h11M4.5 6.500h.01M4.5 12h.01M4.5 17.500h.01",
            Self::Shield => "M12 3.500l7.5 2.500v5.500c0 4.5-3 7.5-7.5 9-4.5-1.5-7.5-4.5-7.5-9V6z",
            Self::Book => {
                "M6 3.500h13v17H6a1.5 1.5 0 0 1-1.5-1.500V5A1.5 1.5 0 0 1 6 3.500zM8.5 3.500v17M12 8.500h4M12 12h4"
            }
            Self::User => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20a7 7 0 0 1 14 0",
            Self::SignOut => "M14 4.500H5v15h9M10 12h10M16.5 8.500L20 12l-3.5 3.5",
            Self::Globe => {
                "M12 20.500a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM3.5 12h17M12 3.500c5 5 5 12 0 17M12 3.500c-5 5-5 12 0 17"
            }
            Self::Sun => {
                "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.500v2M12 19.500v2M2.5 12h2M19.5 12h2M5.3 5.300l1.4 1.400M17.3 17.300l1.4 1.400M5.3 18.700l1.4-1.400M17.3 6.700l1.4-1.4"
            }
            Self::Moon => "M19.5 14.500A8 8 0 0 1 9.5 4.500a8 8 0 1 0 10 10z",
            Self::Warning => "M12 4l9 15.500H3zM12 10v4.500M12 17h.01",
            Self::Info => {
                "M12 20.500a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11v5.500M12 7.800h.01"
            }
            Self::Brain => {
                "M12 5.500A3 3 0 0 0 6.5 7 3.5 3.5 0 0 0 4.5 12.5 3.5 3.5 0 0 0 7 18a2.7 2.7 0 0 0 5 .5zM12 5.500A3 3 0 0 1 17.5 7a3.5 3.5 0 0 1 2 5.500A3.5 3.5 0 0 1 17 18a2.7 2.7 0 0 1-5 .5M8 11.500c1.5 0 2.5 1 2.5 2.500M16 11.500c-1.5 0-2.5 1-2.5 2.5"
            }
            Self::Coins => {
                "M9 11c3 0 5.5-1.3 5.5-3S12 5 9 5 3.5 6.3 3.5 8 6 11 9 11zM3.5 8v4c0 1.7 2.5 3 5.5 3M15 19c3 0 5.5-1.3 5.5-3s-2.5-3-5.5-3-5.5 1.3-5.5 3 2.5 3 5.5 3zM9.5 16v2.500c0 1.6 2.5 2.5 5.5 2.500s5.5-.9 5.5-2.500V16"
            }
            Self::Link => {
                "M10 14a4 4 0 0 0 5.7 0l3.1-3.100a4 4 0 0 0-5.7-5.700L12 6.300M14 10a4 4 0 0 0-5.7 0l-3.1 3.100a4 4 0 0 0 5.7 5.700L12 17.7"
            }
            Self::Play => "M8 5l11 7-11 7z",
            Self::Sliders => {
                "M4 8h9M19 8h1M4 16h1M11 16h9M16 10.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8 18.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"
            }
            Self::Chat => "M4 5h16v11.500h-8.500L7 20v-3.500H4z",
            Self::Home => "M4 11l8-7 8 7M6 9.500v10h12v-10M10 19.500v-5.500h4v5.5",
            Self::Download => "M12 4v11M7 10.500l5 5 5-5M4.5 20h15",
            Self::Pulse => "M3 12h4.5L10 6l4 12 2.500-6H21",
            Self::Calendar => {
                "M5.5 5.500h13A1.5 1.5 0 0 1 20 7v11.500a1.5 1.5 0 0 1-1.500 1.500h-13A1.5 1.5 0 0 1 4 18.500V7a1.5 1.5 0 0 1 1.500-1.500zM4 10h16M8.500 3v4.500M15.500 3v4.500"
            }
        }
    }

    /// The drawing as HTML, for places that are no views; it never turns round.
    pub(super) fn html(self) -> String {
        format!(
            "<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"{}\"></path></svg>",
            self.path()
        )
    }

    /// Turned round where text runs from right to left.
    const fn turns(self) -> bool {
        matches!(
            self,
            Self::ChevronLeft | Self::ChevronRight | Self::SignOut | Self::List | Self::Panel
        )
    }
}

/// A small line drawing in the colour of the text around it; invisible to screen readers.
#[component]
pub fn Icon(
    /// Which drawing. It never changes by itself; swap with `move || view! { <Icon …/> }`.
    name: IconName,
) -> impl IntoView {
    let class = if name.turns() {
        "icon icon-turns"
    } else {
        "icon"
    };
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true">
            <path d=name.path()></path>
        </svg>
    }
}
