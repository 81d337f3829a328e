package io.modelward.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.webhook.WebhookUrl;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRuleTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.0",
                "100.100.100.200",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "168.63.129.16",
                "169.254.169.254",
                "169.254.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.7",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::8.8.8.8",
                "100::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "2001::1",
                "2001:db8::1",
                "3fff::1",
                "5f00::1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::1",
                "2002:7f00:1::",
                "2002:a9fe:a9fe::1",
                "2002:c0a8:101::"
            })
    void what_is_not_everybodys_is_private(String address) {
        assertThat(AddressRule.isPublic(InetAddress.ofLiteral(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "168.63.129.17",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2001:4860:4860::8888",
                "2a00::1",
                "64:ff9b::808:808",
                "2002:808:808::1"
            })
    void what_is_everybodys_is_public(String address) {
        assertThat(AddressRule.isPublic(InetAddress.ofLiteral(address))).isTrue();
    }

    @Test
    void a_mapped_address_is_what_it_maps() {
        HexFormat hex = HexFormat.of();
        assertThat(AddressRule.isPublic(hex.parseHex("00000000000000000000ffff7f000001")))
                .isFalse();
        assertThat(AddressRule.isPublic(hex.parseHex("00000000000000000000ffff08080808")))
                .isTrue();
    }

    @Test
    void one_private_address_among_public_ones_is_refused_and_not_named() {
        Destinations destinations = new Destinations(
                host -> new InetAddress[] {InetAddress.ofLiteral("8.8.8.8"), InetAddress.ofLiteral("10.1.2.3")}, false);
        WebhookUrl url = WebhookUrl.parse("https://hooks.example/");
        assertThatThrownBy(() -> destinations.of(url))
                .isInstanceOf(Destinations.Refused.class)
                .hasMessageNotContaining("10.1.2.3");
    }

    @Test
    void an_operator_may_allow_private_addresses() throws Exception {
        Destinations destinations =
                new Destinations(host -> new InetAddress[] {InetAddress.ofLiteral("10.1.2.3")}, true);
        assertThat(destinations.of(WebhookUrl.parse("https://hooks.example/")))
                .isEqualTo(List.of(InetAddress.ofLiteral("10.1.2.3")));
        assertThat(destinations.of(WebhookUrl.parse("http://[::1]/"))).isEqualTo(List.of(InetAddress.ofLiteral("::1")));
    }
}
