//! Which addresses are the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// IPv4 that is not the public internet.
const PRIVATE_V4: [Ipv4Net; 16] = [
    v4([0, 0, 0, 0], 8),        // this network, unspecified
    v4([10, 0, 0, 0], 8),       // private
    v4([100, 64, 0, 0], 10),    // carrier-grade NAT; one cloud's metadata
    v4([127, 0, 0, 0], 8),      // loopback
    v4([168, 63, 129, 16], 32), // a public-looking address that is one cloud's metadata
    v4([169, 254, 0, 0], 16),   // link-local, metadata
    v4([172, 16, 0, 0], 12),    // private
    v4([192, 0, 0, 0], 24),     // protocol assignments
    v4([192, 0, 2, 0], 24),     // documentation
    v4([192, 88, 99, 0], 24),   // 6to4 relays
    v4([192, 168, 0, 0], 16),   // private
    v4([198, 18, 0, 0], 15),    // benchmarks
    v4([198, 51, 100, 0], 24),  // documentation
    v4([203, 0, 113, 0], 24),   // documentation
    v4([224, 0, 0, 0], 4),      // multicast
    v4([240, 0, 0, 0], 4),      // reserved, broadcast
];

/// All that is handed out as IPv6 unicast. Loopback, unspecified, unique-local, link-local, multicast
/// and the forms that carry an IPv4 address (mapped, compatible, NAT64) lie outside.
const UNICAST_V6: Ipv6Net = v6([0x2000, 0, 0], 3);

/// Parts of that which are still not the public internet.
const PRIVATE_V6: [Ipv6Net; 4] = [
    v6([0x2001, 0, 0], 23), // protocol assignments; Teredo tunnels carry an IPv4 address
    v6([0x2001, 0xdb8, 0], 32), // documentation
    v6([0x2002, 0, 0], 16), // 6to4 tunnels carry an IPv4 address
    v6([0x3fff, 0, 0], 20), // documentation
];

/// Where clouds tell a machine about itself, its credentials included. Nobody serves models there.
const METADATA_V4: [Ipv4Net; 4] = [
    v4([169, 254, 0, 0], 16),     // link-local: most clouds
    v4([100, 100, 100, 200], 32), // Alibaba
    v4([168, 63, 129, 16], 32),   // Azure
    v4([192, 0, 0, 192], 32),     // Oracle
];

const METADATA_V6: [Ipv6Net; 3] = [
    v6([0xfe80, 0, 0], 10),                // link-local
    v6_host([0xfd00, 0xec2, 0, 0, 0x254]), // AWS
    v6_host([0xfd20, 0xce, 0, 0, 0x254]),  // Google
];

/// Translations of IPv4 into IPv6: the lower half holds the address.
const TRANSLATED: Ipv6Net = v6([0x64, 0xff9b, 0], 96);

/// True for an address that no allow-list opens: who asks there speaks with the machine's own cloud.
pub fn is_metadata(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => METADATA_V4.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => {
            METADATA_V6.iter().any(|net| net.contains(&address))
                || embedded_v4(address).is_some_and(|inner| is_metadata(IpAddr::V4(inner)))
        }
    }
}

fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    if TRANSLATED.contains(&address) {
        let [.., a, b, c, d] = address.octets();
        return Some(Ipv4Addr::new(a, b, c, d));
    }
    // Mapped and compatible.
    address.to_ipv4()
}

/// True for an address that every host of the internet may reach; false for any other, also for
/// those that only embed one.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !PRIVATE_V4.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => {
            UNICAST_V6.contains(&address)
                && !PRIVATE_V6.iter().any(|net| net.contains(&address))
                && !is_isatap(address)
        }
    }
}

/// A tunnel address that carries an IPv4 address in its lower half, under any prefix.
fn is_isatap(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    segments[4] & 0xfdff == 0 && segments[5] == 0x5efe
}

const fn v4(octets: [u8; 4], length: u8) -> Ipv4Net {
    let [a, b, c, d] = octets;
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(segments: [u16; 3], length: u8) -> Ipv6Net {
    let [a, b, c] = segments;
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), length)
}

/// One host: the first four segments and the last.
const fn v6_host(segments: [u16; 5]) -> Ipv6Net {
    let [a, b, c, d, last] = segments;
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, 0, 0, 0, last), 128)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{is_metadata, is_public};

    fn all(addresses: &str, expected: bool) {
        for address in addresses.split_whitespace() {
            let parsed: IpAddr = address.parse().expect(address);
            assert_eq!(is_public(parsed), expected, "{address}");
        }
    }

    #[test]
    fn hosts_of_the_internet_are_public() {
        all(
            "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 128.0.0.1 169.253.255.255 \
             169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.1 192.167.255.255 192.169.0.0 198.17.255.255 \
             198.20.0.0 223.255.255.255 168.63.129.15 2606:4700::1111 2a00:1450:4001:81b::200e \
             2001:4860:4860::8888 2400:cb00::1 3ffe::1",
            true,
        );
    }

    #[test]
    fn everything_else_is_not() {
        all(
            "0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 \
             127.255.255.254 168.63.129.16 169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.192 \
             192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.9 224.0.0.1 \
             239.255.255.255 240.0.0.1 255.255.255.255",
            false,
        );
    }

    #[test]
    fn no_ipv6_form_smuggles_a_private_address() {
        all(
            ":: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:10.0.0.1 64:ff9b::10.0.0.1 \
             64:ff9b::8.8.8.8 64:ff9b:1::a00:1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 \
             2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 \
             fec0::1 ff02::1 4000::1 2a00::5efe:10.0.0.1 2a00::200:5efe:10.0.0.1",
            false,
        );
    }

    #[test]
    fn metadata_is_known_in_every_form_and_a_home_network_is_not_taken_for_it() {
        for (addresses, expected) in [
            (
                "169.254.169.254 169.254.170.2 100.100.100.200 168.63.129.16 192.0.0.192 fe80::1 febf::1 \
                 fd00:ec2::254 fd20:ce::254 ::ffff:169.254.169.254 ::169.254.169.254 64:ff9b::169.254.169.254",
                true,
            ),
            (
                "127.0.0.1 10.0.0.1 192.168.1.7 172.16.0.1 100.64.0.1 0.0.0.0 ::1 fd00::1 fd00:ec2::255 \
                 ::ffff:127.0.0.1 8.8.8.8 2606:4700::1111",
                false,
            ),
        ] {
            for address in addresses.split_whitespace() {
                let parsed: IpAddr = address.parse().expect(address);
                assert_eq!(is_metadata(parsed), expected, "{address}");
                assert!(!expected || !is_public(parsed), "{address}");
            }
        }
    }
}
