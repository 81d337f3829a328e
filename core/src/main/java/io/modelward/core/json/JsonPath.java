package io.modelward.core.json;

import io.modelward.core.problem.Quoted;

/**
 * Names a place in a JSON document the way people write it: {@code training_data.features}, {@code instances[3][2]}.
 */
public final class JsonPath {

    private JsonPath() {}

    /** The member of the object at {@code path}; the document itself has the empty path. */
    public static String member(String path, String key) {
        return path.isEmpty() ? Quoted.plain(key) : path + "." + Quoted.plain(key);
    }

    public static String item(String path, int index) {
        return path + "[" + index + "]";
    }
}
