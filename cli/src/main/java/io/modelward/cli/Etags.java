package io.modelward.cli;

/** ETags carry quotes that shells eat. */
final class Etags {

    private Etags() {}

    /** The ETag with its quotes, whether or not they were typed. */
    static String quoted(String typed) {
        return typed.equals("*") || typed.startsWith("\"") ? typed : "\"" + typed + "\"";
    }
}
