package io.modelward.pages.tracking;

/** Names and texts as the grammar of searches has them. */
final class Grammar {

    private Grammar() {}

    /** A text in quotes. */
    static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** A pattern for texts that contain this one. */
    static String containing(String text) {
        return quoted("%" + text + "%");
    }

    /** A key in backticks, such as {@code `learning rate`}. */
    static String key(String key) {
        return key.matches("[A-Za-z_][A-Za-z0-9_./:-]*") && !key.matches("(?i)asc|desc|and")
                ? key
                : "`" + key.replace("`", "``") + "`";
    }
}
