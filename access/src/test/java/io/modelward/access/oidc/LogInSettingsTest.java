package io.modelward.access.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import io.modelward.core.json.Json;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator may write, and what is said of the rest. */
class LogInSettingsTest {

    private static final String GOOD = "access.oidc.issuer=https://login.example.org;access.oidc.client=modelward;"
            + "access.workload.ci.issuer=https://ci.example.org;access.workload.ci.audience=m;"
            + "access.workload.ci.claims=repository=acme/iris";

    @TempDir
    Path directory;

    private static Map<String, String> settings(String text) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String one : text.split(";")) {
            String[] parts = one.split("=", 2);
            settings.put(parts[0], parts[1]);
        }
        return settings;
    }

    private static LogInSettings read(String more) {
        Configuration configuration = new Configuration(settings(GOOD + ";" + more));
        LogInSettings read = LogInSettings.read(configuration);
        configuration.requireAllKnown();
        return read;
    }

    @Test
    void all_of_it_is_read() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "s3cret\n");
        LogInSettings read = read("access.oidc.secret-file=" + secret
                + ";access.oidc.scopes=openid email;access.oidc.groups=realm_access.roles;access.oidc.name=email;"
                + "access.oidc.url=https://models.example.org/;access.workload.k8s-1.issuer=kubernetes;"
                + "access.workload.k8s-1.audience=m;access.workload.k8s-1.jwks=https://keys.example.org/k?v=1;"
                + "access.workload.k8s-1.claims=sub=system:serviceaccount:ci:*;access.workload.k8s-1.groups=groups");
        PeopleSettings people = read.people().orElseThrow();
        assertThat(people.secret().orElseThrow().value()).isEqualTo("s3cret");
        assertThat(people.toString()).doesNotContain("s3cret");
        assertThat(people.scopes()).isEqualTo("openid email");
        assertThat(people.url().orElseThrow()).hasToString("https://models.example.org");
        assertThat(read.workloads()).extracting(WorkloadSettings::name).containsExactly("ci", "k8s-1");
        assertThat(LogInSettings.read(new Configuration(Map.of())))
                .isEqualTo(new LogInSettings(Optional.empty(), List.of(), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "access.oidc.issuer=http://login.example.org | access.oidc.issuer is a URL with https",
                "access.oidc.issuer=http://127.0.0.1.example.org | access.oidc.issuer is a URL with https",
                "access.oidc.issuer=http://169.254.169.254 | access.oidc.issuer is a URL with https",
                "access.oidc.issuer=http://0x7f000001 | access.oidc.issuer is a URL with https",
                "access.oidc.issuer=ftp://login.example.org | access.oidc.issuer is a URL with https",
                "access.oidc.issuer=https://me:pw@login.example.org | access.oidc.issuer is a URL with https",
                "access.oidc.issuer=https://login.example.org?a=b | without a query",
                "access.oidc.issuer=https://login.example.org/#a | without #",
                "access.oidc.issuer= | access.oidc.issuer is needed with the other keys",
                "access.oidc.client= | access.oidc.client is needed",
                "access.oidc.scopes=profile | one of them is openid",
                "access.oidc.url=https://models.example.org/path | without a path",
                "access.oidc.url=models.example.org | https and a host",
                "access.oidc.secret-file=/nowhere/secret | The file of access.oidc.secret-file cannot be read",
                "access.oidc.secrets=x | unknown key, access.oidc.secrets",
                "access.workload.ci.issuer= | access.workload.ci.issuer is needed",
                "access.workload.ci.audience= | access.workload.ci.audience is needed",
                "access.workload.ci.claims= | access.workload.ci.claims is needed",
                "access.workload.ci.claims=repository | rules such as",
                "access.workload.ci.claims=repository=acme, | rules such as",
                "access.workload.ci.claims==acme | rules such as",
                "access.workload.ci.jwks=http://keys.example.org | access.workload.ci.jwks is a URL with https",
                "access.workload.ci.isuer=x | unknown key, access.workload.ci.isuer",
                "access.workload.issuer=x | unknown key, access.workload.issuer",
                "access.workload.Ci.issuer=x | the name after access.workload.",
                "access.workload.new.groups=x | access.workload.new.issuer is needed"
            })
    void a_wrong_setting_is_named(String line, String message) {
        assertThatThrownBy(() -> read(line)).isInstanceOf(StartRefused.class).hasMessageContaining(message);
    }

    @Test
    void two_secrets_or_two_places_of_keys_are_one_too_many_and_no_secret_is_told() throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "line one\nline two");
        assertThatThrownBy(() -> read("access.oidc.secret=abc;access.oidc.secret-file=" + file))
                .hasMessageContaining("is enough")
                .hasMessageNotContaining("abc");
        assertThatThrownBy(() -> read("access.oidc.secret-file=" + file))
                .hasMessageContaining("one line")
                .hasMessageNotContaining("line one");
        assertThatThrownBy(() ->
                        read("access.workload.ci.jwks=https://a.example.org;access.workload.ci.jwks-file=" + file))
                .hasMessageContaining("is enough");
    }

    @Test
    void a_file_of_keys_is_read_at_the_start() throws Exception {
        Path file = directory.resolve("keys.json");
        LogInSettings settings = read("access.workload.ci.jwks-file=" + file);
        assertThatThrownBy(() -> new IdentityProviders(settings, InstantSource.system()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("access.workload.ci.jwks-file")
                .hasMessageContaining("cannot be read");
        Files.writeString(file, "{\"keys\":[]}");
        assertThatThrownBy(() -> new IdentityProviders(settings, InstantSource.system()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("no public key");
        Files.writeString(file, new JWKSet(FakeProvider.rsa("k").toPublicJWK()).toString());
        new IdentityProviders(settings, InstantSource.system()).close();
    }

    @Test
    void claims_may_be_nested_and_rules_never_reach_further_than_a_slash() {
        var claims = Json.parse(
                "{\"a\":{\"b\":[\"x\",\"y\"]},\"kubernetes.io\":{\"namespace\":\"training\"},\"n\":7,\"t\":true,"
                        + "\"https://acme.example/groups\":[\"g\"]}",
                "claims");
        assertThat(new ClaimName("a.b").texts(claims)).containsExactly("x", "y");
        assertThat(new ClaimName("kubernetes.io.namespace").texts(claims)).containsExactly("training");
        assertThat(new ClaimName("https://acme.example/groups").texts(claims)).containsExactly("g");
        assertThat(new ClaimName("n").texts(claims)).containsExactly("7");
        assertThat(new ClaimName("a.c").texts(claims)).isEmpty();
        assertThat(new ClaimName("a.b.c").texts(claims)).isEmpty();
        for (String rule : List.of("a.b=y", "kubernetes.io.namespace=train*", "t=true", "n=*")) {
            assertThat(ClaimRule.parse("k", rule).getFirst().holds(claims))
                    .as(rule)
                    .isTrue();
        }
        for (String rule : List.of("a.b=z", "a=*", "t=false", "none=*", "kubernetes.io.namespace=rain*")) {
            assertThat(ClaimRule.parse("k", rule).getFirst().holds(claims))
                    .as(rule)
                    .isFalse();
        }
    }
}
