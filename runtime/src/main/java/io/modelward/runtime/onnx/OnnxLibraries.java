package io.modelward.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The native libraries of ONNX Runtime, unpacked into the server's temporary folder. ONNX Runtime would unpack them
 * into a folder of its own, which a server that is killed leaves behind.
 */
final class OnnxLibraries {

    /** Where ONNX Runtime looks first. */
    private static final String PROPERTY = "onnxruntime.native.path";

    private static final List<String> NAMES = List.of("onnxruntime", "onnxruntime4j_jni");

    private OnnxLibraries() {}

    /** Unpacks the libraries of this platform; where there are none, ONNX Runtime says so itself. */
    static void unpack(Path folder) throws IOException {
        if (System.getProperty(PROPERTY) != null) {
            return;
        }
        String arch = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x64";
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        String platform = (mac ? "osx-" : "linux-") + arch;
        for (String name : NAMES) {
            String file = System.mapLibraryName(name);
            try (InputStream library =
                    OrtEnvironment.class.getResourceAsStream("/ai/onnxruntime/native/" + platform + "/" + file)) {
                if (library == null) {
                    return;
                }
                Files.copy(library, folder.resolve(file));
            }
        }
        System.setProperty(PROPERTY, folder.toString());
    }
}
