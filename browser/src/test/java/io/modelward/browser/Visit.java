package io.modelward.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One person's window at a server, with a profile of its own. The visit notes all that must not happen while a page is
 * open: see {@link #trouble}.
 */
final class Visit implements AutoCloseable {

    /** What scripts of the hostile exhibit set when they run. */
    static final String RAN = "ranHostile";

    private static final int HEIGHT = 900;
    private static final int HIGHEST_SCREENSHOT = 4000;

    private final BrowserContext context;
    private final Page page;
    private final String address;
    private final Look look;
    private final List<String> trouble = new ArrayList<>();
    /** An address whose page may be answered with an error, and the status. */
    private String expected = "";

    /** @param address of the server, such as {@code http://127.0.0.1:8080} */
    Visit(Chromium chromium, String address, Look look) {
        this.address = address;
        this.look = look;
        this.context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setBaseURL(address)
                        .setColorScheme(look.colours())
                        .setViewportSize(look.width(), HEIGHT)
                        .setJavaScriptEnabled(look.script())
                        .setLocale("en-GB")
                        .setTimezoneId("UTC"));
        context.setDefaultTimeout(10_000);
        context.exposeBinding("noteViolation", (source, arguments) -> trouble.add("CSP: " + arguments[0]));
        context.addInitScript(
                "document.addEventListener('securitypolicyviolation',"
                        + " event => noteViolation(event.violatedDirective + ' refused ' + event.blockedURI + ' ' + event.sample))");
        this.page = context.newPage();
        listen();
    }

    private void listen() {
        String own = address + "/";
        page.onConsoleMessage(message -> {
            // The browser says of each answer of an error that it failed to load; see below.
            if (message.type().matches("error|warning") && !message.text().startsWith("Failed to load resource")) {
                trouble.add("console: " + message.text());
            }
        });
        page.onPageError(error -> trouble.add("error in a script: " + error));
        page.onRequest(request -> {
            if (!request.url().startsWith(own) && !request.url().startsWith("data:")) {
                trouble.add("request to elsewhere: " + request.url());
            }
        });
        page.onRequestFailed(request -> {
            // A page that is left ends its stream of events.
            if (!String.valueOf(request.failure()).contains("ERR_ABORTED")) {
                trouble.add("failed request: " + request.url() + " " + request.failure());
            }
        });
        page.onResponse(response -> {
            if (response.status() >= 400 && !expected.equals(response.url() + " " + response.status())) {
                trouble.add("answer " + response.status() + ": " + response.url());
            }
        });
        page.onDialog(dialog -> {
            trouble.add("dialog: " + dialog.message());
            dialog.dismiss();
        });
        page.onDownload(download -> trouble.add("download: " + download.url()));
        page.onPopup(popup -> {
            trouble.add("window: " + popup.url());
            popup.close();
        });
    }

    /** Opens a page and waits until the page is there. */
    Page open(PageRow row, Exhibit exhibit) {
        return open(row.address(exhibit), row.status());
    }

    /** Opens a path of the server. */
    Page open(String path) {
        return open(path, 200);
    }

    private Page open(String path, int status) {
        expected = address + path + " " + status;
        Response response = page.navigate(path);
        if (response == null || response.status() != status) {
            throw new AssertionError(
                    path + " answered " + (response == null ? "nothing" : response.status() + ": " + response.text()));
        }
        return page;
    }

    Page page() {
        return page;
    }

    /** What happened that must not happen, since this was asked last. */
    List<String> trouble() {
        // Events that the browser has sent come with the answer of the next call. Frames are awaited by scripts only.
        if (look.script()) {
            page.evaluate("() => new Promise(done => requestAnimationFrame(() => done(1)))");
        }
        Object ran = page.evaluate("() => String(window." + RAN + ")");
        List<String> all = new ArrayList<>(trouble);
        trouble.clear();
        if (!"undefined".equals(ran)) {
            all.add("a hostile script ran: " + ran);
        }
        return all;
    }

    /** Makes the window as wide as a look says, and asks the page for the colours of the look. */
    void become(Look look) {
        page.setViewportSize(look.width(), HEIGHT);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(look.colours()));
    }

    /** Saves the whole page as a picture, up to a height that one can still look at. */
    void screenshot(Path file) {
        Number height = (Number) page.evaluate("() => document.documentElement.scrollHeight");
        Number width = (Number) page.evaluate("() => window.innerWidth");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(file)
                .setFullPage(true)
                .setClip(0, 0, width.doubleValue(), Math.min(HIGHEST_SCREENSHOT, Math.max(HEIGHT, height.intValue()))));
    }

    @Override
    public void close() {
        context.close();
    }
}
