package io.modelward.registry.webhook;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses are anybody's to reach: those that IANA's registries of special purpose call global. Everything of
 * this machine, of its network and of the provider that runs it is not, in whatever form it is wrapped.
 */
public final class AddressRule {

    private AddressRule() {}

    private static final List<Range> PRIVATE_4 = ranges(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10", // shared between a provider and its customers
            "127.0.0.0/8",
            "168.63.129.16/32", // a provider's service to its machines, though the address is public
            "169.254.0.0/16", // link-local, with the metadata of cloud machines
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4", // multicast
            "240.0.0.0/4");

    /** All that is global lies in here … */
    private static final Range GLOBAL_6 = Range.of("2000::/3");

    /** … but for this. */
    private static final List<Range> PRIVATE_6 = ranges("2001::/23", "2001:db8::/32", "3fff::/20");

    /** Addresses that carry another, from this byte on; they are what they carry. */
    private static final Range MAPPED = new Range(mapped(), 96);

    private static final Range NAT64 = Range.of("64:ff9b::/96");
    private static final Range SIX_TO_FOUR = Range.of("2002::/16");

    private record Range(byte[] network, int bits) {

        static Range of(String text) {
            String[] parts = text.split("/", 2);
            return new Range(InetAddress.ofLiteral(parts[0]).getAddress(), Integer.parseInt(parts[1]));
        }

        boolean contains(byte[] address) {
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if ((address[bit >> 3] & mask) != (network[bit >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static byte[] mapped() {
        byte[] bytes = new byte[16];
        bytes[10] = -1;
        bytes[11] = -1;
        return bytes;
    }

    private static List<Range> ranges(String... texts) {
        return List.of(texts).stream().map(Range::of).toList();
    }

    /** Whether anybody may reach the address. */
    public static boolean isPublic(InetAddress address) {
        return isPublic(address.getAddress());
    }

    static boolean isPublic(byte[] address) {
        if (address.length == 4) {
            return PRIVATE_4.stream().noneMatch(range -> range.contains(address));
        }
        if (MAPPED.contains(address) || NAT64.contains(address)) {
            return isPublic(part(address, 12));
        }
        if (SIX_TO_FOUR.contains(address)) {
            return isPublic(part(address, 2));
        }
        return GLOBAL_6.contains(address) && PRIVATE_6.stream().noneMatch(range -> range.contains(address));
    }

    private static byte[] part(byte[] address, int from) {
        return Arrays.copyOfRange(address, from, from + 4);
    }
}
