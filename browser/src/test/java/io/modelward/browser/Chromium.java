package io.modelward.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The one browser of all tests: Debian's Chromium, driven by Playwright. The driver is the package of {@code
 * browser/tools} on the Node of this machine, since the driver that Playwright brings for Java has Node for five
 * systems and is 210 MB.
 */
final class Chromium implements AutoCloseable {

    static final Path ROOT = Path.of(System.getProperty("modelward.root"));
    private static final Path TOOLS = ROOT.resolve("build/browser");
    private static final List<Path> PROGRAMS =
            List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));

    private final Playwright playwright;
    private final Browser browser;
    private final String axe;

    Chromium() {
        playwright = playwright();
        try {
            axe = Files.readString(TOOLS.resolve("node_modules/axe-core/axe.min.js"));
            browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(program())
                            .setChromiumSandbox(false)
                            .setArgs(List.of(
                                    "--no-sandbox",
                                    "--disable-gpu",
                                    "--disable-dev-shm-usage",
                                    "--force-color-profile=srgb")));
        } catch (IOException unreadable) {
            playwright.close();
            throw new UncheckedIOException(unreadable);
        } catch (RuntimeException failure) {
            playwright.close();
            throw failure;
        }
    }

    private static Playwright playwright() {
        if (!Files.isDirectory(TOOLS.resolve("package"))) {
            throw new IllegalStateException(
                    "build/browser has no driver of the browser. Run ./modelward test unit browser, which installs the driver.");
        }
        System.setProperty("playwright.cli.dir", TOOLS.toString());
        return Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_NODEJS_PATH", node().toString(), "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    }

    private static Path node() {
        return inPath("node");
    }

    private static Path inPath(String program) {
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return Path.of(folder, program);
            }
        }
        throw new IllegalStateException("The tests of the pages need " + program + " on the PATH.");
    }

    private static Path program() {
        return PROGRAMS.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "The tests of the pages need Chromium (Debian: apt install chromium)."));
    }

    Browser browser() {
        return browser;
    }

    /** The script of axe-core. */
    String axe() {
        return axe;
    }

    @Override
    public void close() {
        try {
            browser.close();
        } finally {
            playwright.close();
        }
    }
}
