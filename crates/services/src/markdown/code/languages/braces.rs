//! Languages that are compiled and write their blocks in braces.

use super::super::grammar::{
    BACK_RAW, BRACES, DOUBLE, DOUBLE_HOLES, DOUBLE_LINES, Grammar, SINGLE, TRIPLE_DOUBLE,
    TRIPLE_HOLES, TRIPLE_SINGLE,
};

pub(super) const RUST: Grammar = Grammar {
    names: "rust rs",
    words: "as async await break const continue crate dyn else enum extern fn for if impl in let loop match mod move \
            mut pub ref return self static struct super trait type union unsafe use where while yield macro_rules",
    values: "true false",
    types: "Self bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64",
    notes_nest: true,
    quotes: &[DOUBLE_LINES, SINGLE],
    quote_letters: "bc",
    rust: true,
    ..BRACES
};

pub(super) const GO: Grammar = Grammar {
    names: "go golang",
    words: "break case chan const continue default defer else fallthrough for func go goto if import interface map \
            package range return select struct switch type var",
    values: "true false nil iota",
    types: "any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune \
            string uint uint8 uint16 uint32 uint64 uintptr",
    quotes: &[DOUBLE, SINGLE, BACK_RAW],
    ..BRACES
};

pub(super) const JAVA: Grammar = Grammar {
    names: "java groovy gradle",
    words: "abstract assert break case catch class const continue default def do else enum extends final finally for \
            goto if implements import instanceof interface native new non-sealed package permits private protected \
            public record return sealed static strictfp super switch synchronized this throw throws transient try \
            var volatile when while yield",
    values: "true false null",
    types: "boolean byte char double float int long short void",
    quotes: &[TRIPLE_DOUBLE, DOUBLE, SINGLE],
    sigils: "@",
    ..BRACES
};

pub(super) const KOTLIN: Grammar = Grammar {
    names: "kotlin kt kts",
    words: "abstract actual annotation as break by catch class companion const constructor continue crossinline data \
            do dynamic else enum expect external final finally for fun get if import in infix init inline inner \
            interface internal is lateinit noinline object open operator out override package private protected \
            public reified return sealed set suspend super tailrec this throw try typealias val value var vararg \
            when where while",
    values: "true false null",
    notes_nest: true,
    quotes: &[TRIPLE_HOLES, DOUBLE_HOLES, SINGLE],
    sigils: "@",
    ..BRACES
};

pub(super) const SCALA: Grammar = Grammar {
    names: "scala sc",
    words: "abstract case catch class def do else enum export extends extension final finally for given if implicit \
            import inline lazy match new object opaque open override package private protected return sealed super \
            then this throw trait transparent try type using val var while with yield",
    values: "true false null",
    notes_nest: true,
    quotes: &[TRIPLE_DOUBLE, DOUBLE, SINGLE],
    quote_letters: "sf",
    sigils: "@",
    ..BRACES
};

pub(super) const SWIFT: Grammar = Grammar {
    names: "swift",
    words: "actor any as associatedtype async await break case catch class continue convenience default defer deinit \
            didSet do dynamic else enum extension fallthrough fileprivate final for func get guard if import in \
            indirect infix init inout internal is isolated lazy let macro mutating nonisolated open operator optional \
            override package postfix precedencegroup prefix private protocol public repeat required rethrows return \
            self set some static struct subscript super switch throw throws try typealias unowned var weak where \
            while willSet",
    values: "true false nil",
    types: "Self",
    notes_nest: true,
    quotes: &[TRIPLE_DOUBLE, DOUBLE],
    sigils: "@$",
    word_sigils: "#",
    ..BRACES
};

pub(super) const C: Grammar = Grammar {
    names: "c h",
    words: "alignas alignof auto break case const constexpr continue default do else enum extern for goto if inline \
            register restrict return sizeof static static_assert struct switch thread_local typedef typeof union \
            volatile while",
    values: "true false NULL nullptr",
    types: "bool char double float int int8_t int16_t int32_t int64_t long ptrdiff_t short signed size_t ssize_t \
            uint8_t uint16_t uint32_t uint64_t uintptr_t unsigned void",
    quote_letters: "LuU",
    capitals: false,
    directives: true,
    ..BRACES
};

pub(super) const CPP: Grammar = Grammar {
    names: "c++ cpp cxx cc hpp hh hxx arduino ino cuda cu objective-c objectivec objc",
    words: "alignas alignof and asm auto break case catch class co_await co_return co_yield concept const const_cast \
            consteval constexpr constinit continue decltype default delete do dynamic_cast else enum explicit export \
            extern final for friend goto if import inline module mutable namespace new noexcept not operator or \
            override private protected public register reinterpret_cast requires return sizeof static static_assert \
            static_cast struct switch template this thread_local throw try typedef typeid typename union using \
            virtual volatile while",
    values: "true false NULL nullptr nil YES NO",
    types: "bool char char8_t char16_t char32_t double float int int8_t int16_t int32_t int64_t long ptrdiff_t short \
            signed size_t uint8_t uint16_t uint32_t uint64_t unsigned void wchar_t",
    quote_letters: "LuU8",
    directives: true,
    ..BRACES
};

pub(super) const CSHARP: Grammar = Grammar {
    names: "c# cs csharp dotnet",
    words: "abstract as async await base break case catch checked class const continue default delegate do else enum \
            event explicit extern file finally fixed for foreach from get global goto group if implicit in init \
            interface internal into is join let lock nameof namespace new not on operator or orderby out override \
            params partial private protected public readonly record ref required return sealed select set sizeof \
            stackalloc static struct switch this throw try typeof unchecked unsafe using var virtual volatile when \
            where while with yield",
    values: "true false null",
    types: "bool byte char decimal double dynamic float int long nint nuint object sbyte short string uint ulong \
            ushort void",
    quotes: &[TRIPLE_DOUBLE, DOUBLE, SINGLE],
    directives: true,
    ..BRACES
};

pub(super) const DART: Grammar = Grammar {
    names: "dart flutter",
    words: "abstract as assert async await base break case catch class const continue covariant default deferred do \
            else enum export extends extension external factory final finally for get hide if implements import in \
            interface is late library mixin new on operator part required rethrow return sealed set show static \
            super switch sync this throw try typedef var when while with yield",
    values: "true false null",
    types: "bool double dynamic int num void",
    quotes: &[TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE],
    quote_letters: "r",
    sigils: "@",
    ..BRACES
};

pub(super) const ZIG: Grammar = Grammar {
    names: "zig",
    words: "align allowzero and anyframe asm async await break callconv catch comptime const continue defer else enum \
            errdefer error export extern fn for if inline noalias nosuspend opaque or orelse packed pub resume return \
            linksection struct suspend switch test threadlocal try union unreachable usingnamespace var volatile while",
    values: "true false null undefined",
    types: "anyerror anyopaque anytype bool comptime_float comptime_int f16 f32 f64 f128 i8 i16 i32 i64 i128 isize \
            noreturn type u8 u16 u32 u64 u128 usize void",
    note: None,
    sigils: "@",
    ..BRACES
};
