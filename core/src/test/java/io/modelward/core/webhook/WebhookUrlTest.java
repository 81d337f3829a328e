package io.modelward.core.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookUrlTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://hooks.example/in?a=b%20c | true | hooks.example | 443 | /in?a=b%20c | hooks.example",
                "HTTP://Hooks.Example:8080 | false | hooks.example | 8080 | / | hooks.example:8080",
                "http://8.8.8.8?x=1 | false | 8.8.8.8 | 80 | /?x=1 | 8.8.8.8",
                "https://[2606:4700::1111]:8443/a | true | 2606:4700::1111 | 8443 | /a | [2606:4700::1111]:8443",
                "http://a_b.example:80/ | false | a_b.example | 80 | / | a_b.example"
            })
    void a_url_is_taken_apart(String text, boolean secure, String host, int port, String target, String authority) {
        WebhookUrl url = WebhookUrl.parse(text);
        assertThat(url).isEqualTo(new WebhookUrl(text, secure, host, port, target));
        assertThat(url.authority()).isEqualTo(authority);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hooks.example",
                "ftp://hooks.example/",
                "file:///etc/passwd",
                "gopher://x/",
                "https://",
                "http:///x",
                "https://user@hooks.example/",
                "https://user:pass@hooks.example/",
                "https://8.8.8.8@127.0.0.1/",
                "http://0x7f.1/",
                "http://0x7f000001/",
                "http://0X7F.0.0.1/",
                "http://2130706433/",
                "http://017700000001/",
                "http://0177.0.0.1/",
                "http://127.1/",
                "http://127.0.1/",
                "http://127.0.0.01/",
                "http://1.2.3.4.5/",
                "http://256.1.1.1/",
                "http://a.1/",
                "http://a.0x1/",
                "http://127.0.0.1./",
                "http://localhost./",
                "http://hooks.example./",
                "http://[::ffff:127.0.0.1]/",
                "http://[::ffff:7f00:1]/",
                "http://[::1%25lo]/",
                "http://[::1%lo]/",
                "http://[1.2.3.4]/",
                "http://[:::1]/",
                "http://::1/",
                "http://hooks.example:0/",
                "http://hooks.example:65536/",
                "http://hooks.example:/",
                "http://hooks.example:80:80/",
                "http://hooks .example/",
                "http://hooks.example/a b",
                "http://hooks.example/#part",
                "http://hooks.example\\@127.0.0.1/",
                "http://hooks.example/\r\nX: y",
                "http://hooks.example/\n",
                "http://ⓛocalhost/",
                "http://127。0。0。1/",
                "http://１２７.0.0.1/",
                "http://-a.example/",
                "http://a..example/",
                "http://%6cocalhost/",
                " http://x.example/"
            })
    void what_programs_read_in_different_ways_is_refused(String text) {
        assertThatThrownBy(() -> WebhookUrl.parse(text))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.problem().field()).contains("url"));
    }

    @Test
    void only_a_host_that_is_an_address_has_one() {
        assertThat(WebhookUrl.parse("http://10.0.0.1/").address()).isPresent();
        assertThat(WebhookUrl.parse("http://[::1]/").address()).isPresent();
        assertThat(WebhookUrl.parse("http://face.example/").address()).isEmpty();
    }

    @Test
    void a_url_has_at_most_500_characters_and_its_query_is_not_shown() {
        String url = "https://hooks.example/?token=" + "x".repeat(471);
        assertThat(WebhookUrl.parse(url).place()).isEqualTo("https://hooks.example");
        assertThatThrownBy(() -> WebhookUrl.parse(url + "x")).isInstanceOf(ProblemException.class);
    }
}
