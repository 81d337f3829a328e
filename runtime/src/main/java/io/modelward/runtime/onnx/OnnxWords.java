package io.modelward.runtime.onnx;

import ai.onnxruntime.OrtException;
import java.util.regex.Pattern;

/** The sentence of ONNX Runtime about a failure, without the paths of files and of ONNX Runtime's sources. */
final class OnnxWords {

    private static final int LONGEST = 500;
    private static final Pattern PATH = Pattern.compile("(/[\\w.+@~-]+){2,}(:\\d+)?");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\s]+");

    private OnnxWords() {}

    static String of(OrtException failure) {
        return of(String.valueOf(failure.getMessage()));
    }

    static String of(String message) {
        String plain = CONTROL.matcher(PATH.matcher(message).replaceAll("…"))
                .replaceAll(" ")
                .strip();
        return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "…" : plain;
    }
}
