package io.modelward.pages.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.problem.ProblemException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LivePartsTest {

    private long nanos;
    private int rendered;
    private boolean visible = true;
    private boolean gone;

    private final LiveParts parts = new LiveParts(
            Map.of("rollout", new LiveTopic() {
                @Override
                public boolean visible(String key) {
                    return visible && key.startsWith("r-");
                }

                @Override
                public String render(String key) {
                    if (gone) {
                        throw ProblemException.notFound("gone");
                    }
                    rendered++;
                    return key + " " + rendered;
                }
            }),
            () -> nanos);

    @Test
    void a_part_is_rendered_once_a_second_however_many_look_at_it() {
        for (int i = 0; i < 200; i++) {
            assertThat(parts.html("rollout:r-1")).contains("r-1 1");
        }
        nanos += TimeUnit.SECONDS.toNanos(1);
        assertThat(parts.html("rollout:r-1")).contains("r-1 2");
        assertThat(rendered).isEqualTo(2);
    }

    @Test
    void who_may_not_see_a_part_gets_none_also_when_it_was_rendered_for_another() {
        assertThat(parts.html("rollout:r-1")).isPresent();
        visible = false;
        assertThat(parts.html("rollout:r-1")).isEmpty();
    }

    @Test
    void what_is_no_topic_or_is_gone_has_no_part() {
        assertThat(parts.html("other:r-1")).isEmpty();
        assertThat(parts.html("rollout")).isEmpty();
        assertThat(parts.html("")).isEmpty();
        assertThat(parts.html("rollout:x")).isEmpty();
        gone = true;
        assertThat(parts.html("rollout:r-2")).isEmpty();
    }
}
