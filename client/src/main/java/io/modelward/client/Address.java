package io.modelward.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Builds the address of one operation; whatever a segment or a value holds, it stays one segment or one value. */
final class Address {

    private static final String UNRESERVED = "-._~";

    private final StringBuilder text;
    private char separator = '?';

    private Address(String base) {
        this.text = new StringBuilder(base);
    }

    /** The address under {@code base} of these path segments. */
    static Address of(URI base, String... segments) {
        String start = base.toString();
        Address address = new Address(start.endsWith("/") ? start.substring(0, start.length() - 1) : start);
        for (String segment : segments) {
            address.text.append('/').append(encoded(segment));
        }
        return address;
    }

    /** Adds a relative path whose slashes separate segments. */
    Address path(String path) {
        for (String segment : path.split("/", -1)) {
            text.append('/').append(encoded(segment));
        }
        return this;
    }

    Address query(String name, String value) {
        text.append(separator).append(encoded(name)).append('=').append(encoded(value));
        separator = '&';
        return this;
    }

    URI uri() {
        return URI.create(text.toString());
    }

    private static String encoded(String segment) {
        StringBuilder encoded = new StringBuilder(segment.length());
        for (byte octet : segment.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            if ((c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || UNRESERVED.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return encoded.toString();
    }
}
