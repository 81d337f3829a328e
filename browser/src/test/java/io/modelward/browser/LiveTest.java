package io.modelward.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pages that follow what happens, in tabs of one browser. */
@Tag("process")
@ExtendWith(Shared.class)
class LiveTest {

    private static final int TABS = 12;
    private static final int PATIENCE = 30_000;

    /** Counts what the live part of a tab is told, and keeps the streams that the tab opens. */
    private static final String COUNTER = """
            window.news = 0;
            document.addEventListener('htmx:sseMessage', () => { window.news++; });
            window.streams = [];
            window.EventSource = class extends EventSource {
              constructor(address) { super(address); window.streams.push(this); }
            };""";

    private static final String OPEN =
            "() => window.streams.filter(stream => stream.readyState !== EventSource.CLOSED).length";

    private static void everyTabGetsNews(List<Page> tabs) {
        for (Page tab : tabs) {
            tab.evaluate("() => { window.news = 0; }");
        }
        for (Page tab : tabs) {
            tab.waitForFunction("() => window.news >= 2", null, new Page.WaitForFunctionOptions().setTimeout(PATIENCE));
        }
    }

    private static int streams(Page tab) {
        Number open = (Number) tab.evaluate(OPEN);
        return open.intValue();
    }

    /** Waits until all tabs together have one stream, and answers the tab that has the stream. */
    private static Page leader(List<Page> tabs) {
        tabs.getFirst()
                .waitForCondition(
                        () -> tabs.stream().mapToInt(LiveTest::streams).sum() == 1,
                        new Page.WaitForConditionOptions().setTimeout(PATIENCE));
        return tabs.stream().filter(tab -> streams(tab) == 1).findFirst().orElseThrow();
    }

    @Test
    void twelve_tabs_share_one_stream_and_another_tab_leads_when_the_one_that_led_is_closed(Shared shared)
            throws IOException {
        String rollout = "/ui/rollouts/" + shared.plain().serving().atWork();
        String endpoint = "/ui/endpoints/" + ExhibitServing.AT_WORK;
        try (Visit visit = shared.visit(shared.plain(), Look.LIGHT);
                Callers _ = new Callers(shared, ExhibitServing.AT_WORK)) {
            BrowserContext context = visit.page().context();
            context.addInitScript(COUNTER);
            List<Page> tabs = new ArrayList<>();
            for (int number = 0; number < TABS; number++) {
                Page tab = context.newPage();
                tab.navigate(number % 2 == 0 ? rollout : endpoint);
                tabs.add(tab);
            }
            everyTabGetsNews(tabs);
            Page first = leader(tabs);
            assertThat(tabs).contains(first);
            first.close();
            tabs.remove(first);
            everyTabGetsNews(tabs);
            assertThat(tabs).contains(leader(tabs));
            assertThat(visit.trouble()).isEmpty();
        }
    }

    /**
     * What a tab is told in an hour and more, as the tab that leads tells the others. Each message has rows for the
     * charts that no message before has had.
     */
    private static final String MESSAGES = """
            async ([topic, from, count]) => {
              const channel = new BroadcastChannel('modelward-live');
              // The part as the server wrote it: what a message before left there is ten times as long.
              const part = (window.part ??= document.getElementById('now').innerHTML);
              for (let message = from; message < from + count; message++) {
                let row = 1000000 + message * 30;
                const rows = (body) => Array.from({length: 10}, () =>
                  body.replace(/<tr>\\s*<td data-v="[^"]*">/g, () => `<tr><td data-v="${row++}">`)).join('');
                const html = part.replace(/<tbody>((?:(?!<\\/tbody>)[\\s\\S])*)<\\/tbody><\\/table><\\/template>/g,
                  (_, body) => { row = 1000000 + message * 30; return `<tbody>${rows(body)}</tbody></table></template>`; });
                const told = new Promise((done) =>
                  document.addEventListener('htmx:sseMessage', done, {once: true}));
                channel.postMessage({from: 'a test', parts: {[topic]: html}});
                await told;
              }
              channel.close();
            }""";

    /** As many messages as fill the charts: from then on old rows go when new ones come. */
    private static final int WARM = 90;

    private static final int MORE = 30;
    private static final int TURNS = 4;
    private static final long MOST_GROWTH = 300_000;
    private static final int MOST_ROWS = 900;

    @Test
    void the_memory_of_a_tab_stays_flat_over_a_long_rollout(Shared shared) {
        String rollout = shared.plain().serving().atWork();
        try (Visit visit = shared.visit(shared.plain(), Look.LIGHT)) {
            Page page = visit.open("/ui/rollouts/" + rollout);
            page.waitForSelector("#chart-evidence canvas");
            CDPSession session = page.context().newCDPSession(page);
            String topic = "rollout:" + rollout;
            page.evaluate(MESSAGES, List.of(topic, 0, WARM));
            List<Long> growths = new ArrayList<>();
            for (int turn = 0; turn < TURNS; turn++) {
                long before = heap(page, session);
                page.evaluate(MESSAGES, List.of(topic, WARM + turn * MORE, MORE));
                growths.add(heap(page, session) - before);
            }
            // What is kept for each message makes the heap grow in every turn; what the browser remembers for a while,
            // in some.
            assertThat(growths)
                    .as("bytes that the heap has grown by in each turn")
                    .anyMatch(growth -> growth < MOST_GROWTH);
            Number rows = (Number) page.evaluate("() => document.querySelectorAll('#chart-evidence tbody tr').length");
            assertThat(rows.intValue()).as("rows of a chart").isBetween(400, MOST_ROWS);
            assertThat(visit.trouble()).isEmpty();
        }
    }

    /** The bytes of the heap that are in use. */
    private static long heap(Page page, CDPSession session) {
        // What the last messages left to be done is done first, and what is freed may free more.
        for (int turn = 0; turn < 3; turn++) {
            page.evaluate("() => new Promise(done => requestIdleCallback(() => setTimeout(done, 100)))");
            session.send("HeapProfiler.collectGarbage");
        }
        JsonObject usage = session.send("Runtime.getHeapUsage");
        return usage.get("usedSize").getAsLong();
    }
}
