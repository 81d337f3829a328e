package io.modelward.server.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Addresses that begin with the same bits, such as {@code 10.1.0.0/16}.
 *
 * @param first its bytes, 4 or 16
 * @param bits how many of the first bits count
 */
record AddressRange(InetAddress first, int bits) {

    private static final Pattern DOTTED = Pattern.compile("(?:[0-9]{1,3}\\.){3}[0-9]{1,3}");
    private static final Pattern COLONS = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    /** An address, or an address with a number of bits after a slash; empty for anything else. */
    static Optional<AddressRange> parse(String text) {
        String[] parts = text.split("/", 2);
        Optional<InetAddress> address = literal(parts[0]);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int most = address.get().getAddress().length * 8;
        if (parts.length == 1) {
            return Optional.of(new AddressRange(address.get(), most));
        }
        int bits = parts[1].matches("[0-9]{1,3}") ? Integer.parseInt(parts[1]) : -1;
        return bits < 0 || bits > most ? Optional.empty() : Optional.of(new AddressRange(address.get(), bits));
    }

    /** An address in digits, never a name; an IPv4 address within an IPv6 address is the IPv4 address. */
    static Optional<InetAddress> literal(String text) {
        try {
            return DOTTED.matcher(text).matches()
                            || (text.indexOf(':') >= 0 && COLONS.matcher(text).matches())
                    ? Optional.of(InetAddress.ofLiteral(text))
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    boolean contains(InetAddress address) {
        byte[] own = first.getAddress();
        byte[] other = address.getAddress();
        if (own.length != other.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (own[i] != other[i]) {
                return false;
            }
        }
        int mask = 0xff00 >> (bits % 8);
        return bits % 8 == 0 || ((own[whole] ^ other[whole]) & mask & 0xff) == 0;
    }

    /** The address as RFC 5952 writes it: lower case, no leading zeros, the longest run of zeros as {@code ::}. */
    static String canonical(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (i > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
