package io.modelward.cli;

import java.io.InputStream;
import java.util.Map;

/** What a command finds around it: the environment, and the standard input. */
record Surroundings(Map<String, String> environment, InputStream in) {

    static Surroundings real() {
        return new Surroundings(System.getenv(), System.in);
    }
}
