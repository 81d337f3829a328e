package io.modelward.access.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.modelward.access.identity.ProvenIdentity;
import io.modelward.core.settings.Configuration;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which signed tokens prove something, with a provider over HTTP that signs them. */
class ProviderJwtVerifierTest {

    private FakeProvider provider;
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong offset = new AtomicLong();
    private final InstantSource clock = () -> Instant.now().plusSeconds(offset.get());
    private IdentityProviders identities;

    @BeforeEach
    void open() throws Exception {
        provider = new FakeProvider();
        reopen();
    }

    /** Forgets all that is remembered. */
    private void reopen() {
        if (identities != null) {
            identities.close();
        }
        identities = new IdentityProviders(
                LogInSettings.read(new Configuration(settings())), clock, nanos::get, Duration.ofSeconds(20));
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("access.oidc.issuer", provider.issuer());
        settings.put("access.oidc.client", FakeProvider.CLIENT);
        settings.put("access.oidc.program-client", "modelward-cli");
        settings.put("access.workload.ci.issuer", provider.issuer());
        settings.put("access.workload.ci.audience", "modelward-ci");
        settings.put("access.workload.ci.claims", "repository=acme/iris, ref=refs/heads/*");
        settings.put("access.workload.ci.groups", "teams");
        return settings;
    }

    @AfterEach
    void close() {
        identities.close();
        provider.close();
    }

    private boolean proves(String token) {
        return identities.verifier().verify(token).isPresent();
    }

    private JWTClaimsSet.Builder job() {
        return new JWTClaimsSet.Builder()
                .issuer(provider.issuer())
                .audience(List.of("other", "modelward-ci"))
                .subject("repo:acme/iris:ref:refs/heads/main")
                .claim("repository", "acme/iris")
                .claim("ref", "refs/heads/main")
                .claim("teams", List.of("ci"))
                .expirationTime(Date.from(Instant.now().plusSeconds(300)));
    }

    @Test
    void a_persons_id_token_proves_issuer_subject_name_and_groups() {
        ProvenIdentity ann = identities
                .verifier()
                .verify(provider.sign(provider.person().build()))
                .orElseThrow();
        assertThat(ann.issuer()).isEqualTo(provider.issuer());
        assertThat(ann.subject()).isEqualTo("ann-0001");
        assertThat(ann.shown()).contains("ann");
        assertThat(ann.groups()).containsExactly("ml-engineers");
        assertThat(ann.until())
                .isBetween(Instant.now().plusSeconds(3500), Instant.now().plusSeconds(3601));
        assertThat(identities
                        .verifier()
                        .verify(provider.sign(
                                provider.person().claim("groups", null).build()))
                        .orElseThrow()
                        .groups())
                .isEmpty();
    }

    @Test
    void a_workloads_token_must_be_for_its_audience_and_fit_every_rule() {
        ProvenIdentity job =
                identities.verifier().verify(provider.sign(job().build())).orElseThrow();
        assertThat(job.subject()).isEqualTo("repo:acme/iris:ref:refs/heads/main");
        assertThat(job.groups()).isEqualTo(Set.of("ci"));
        Stream.of(
                        job().audience("modelward-other"),
                        job().claim("repository", "acme/iris2"),
                        job().claim("repository", "evil/acme/iris"),
                        job().claim("ref", "refs/heads/a/b"),
                        job().claim("ref", "refs/tags/main"),
                        job().claim("ref", null),
                        job().issuer(provider.issuer() + "/"))
                .forEach(claims -> assertThat(proves(provider.sign(claims.build())))
                        .as(claims.getClaims().toString())
                        .isFalse());
    }

    private static String signed(JWSHeader.Builder header, JWTClaimsSet claims, RSAKey key) {
        return FakeProvider.sign(header.build(), claims, key);
    }

    private JWSHeader.Builder header() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(provider.key.getKeyID());
    }

    private static String mac(byte[] secret, JWTClaimsSet claims) throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("key-1").build(), claims);
        jwt.sign(new MACSigner(secret));
        return jwt.serialize();
    }

    private static String pem(RSAKey key) throws Exception {
        return "-----BEGIN PUBLIC KEY-----\n"
                + java.util.Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(key.toPublicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    @Test
    void cve_2026_33322_cve_2025_24976_no_signature_shared_secret_or_key_of_the_senders_own_proves_anything()
            throws Exception {
        JWTClaimsSet good = provider.person().build();
        RSAKey own = FakeProvider.rsa(provider.key.getKeyID());
        String ownAddress = provider.issuer() + "/own-keys";
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("alg=none", new PlainJWT(good).serialize());
        tokens.put("alg=none with a signature", new PlainJWT(good).serialize() + "AAAA");
        String[] parts = provider.sign(good).split("\\.");
        for (String none : List.of("none", "None", "nOnE", "NONE")) {
            tokens.put(
                    "alg=" + none,
                    Base64URL.encode("{\"alg\":\"" + none + "\",\"kid\":\"key-1\"}") + "." + parts[1] + "." + parts[2]);
        }
        tokens.put("no signature", parts[0] + "." + parts[1] + ".");
        tokens.put(
                "HS256 with the public key in PEM", mac(pem(provider.key).getBytes(StandardCharsets.US_ASCII), good));
        tokens.put(
                "HS256 with the public key in DER",
                mac(provider.key.toPublicKey().getEncoded(), good));
        tokens.put("HS256 with the modulus", mac(provider.key.getModulus().decode(), good));
        tokens.put("another key under the same id", signed(header(), good, own));
        tokens.put("embedded jwk", signed(header().jwk(own.toPublicJWK()), good, own));
        tokens.put("jku", signed(header().jwkURL(URI.create(ownAddress)), good, own));
        tokens.put("x5u", signed(header().x509CertURL(URI.create(ownAddress)), good, own));
        tokens.put("x5c", signed(header().x509CertChain(List.of(new Base64("AAAA"))), good, own));
        tokens.put("jwk beside a right signature", signed(header().jwk(own.toPublicJWK()), good, provider.key));
        tokens.put("jku beside a right signature", signed(header().jwkURL(URI.create(ownAddress)), good, provider.key));
        tokens.put(
                "an extension that must be understood",
                signed(header().criticalParams(Set.of("odd")).customParam("odd", 1), good, provider.key));
        tokens.put("a token for log-out", signed(header().type(new JOSEObjectType("logout+jwt")), good, provider.key));
        tokens.put("changed claims", parts[0] + "." + Base64URL.encode(good.toString() + " ") + "." + parts[2]);
        tokens.put("an address in place of a key id", signed(header().keyID(ownAddress), good, own));
        tokens.put("a path in place of a key id", signed(header().keyID("../../../../dev/null"), good, own));
        tokens.put("a signature written otherwise", otherwise(parts));
        tokens.forEach((name, token) -> assertThat(proves(token)).as(name).isFalse());
        assertThat(provider.called("/own-keys")).isZero();
        assertThat(proves(provider.sign(good))).isTrue();
    }

    /** The same bytes of the signature, with other bits in the part of the last letter that means nothing. */
    private static String otherwise(String[] parts) {
        String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        String signature = parts[2];
        int last = letters.indexOf(signature.charAt(signature.length() - 1));
        String other = signature.substring(0, signature.length() - 1) + letters.charAt(last ^ 1);
        assertThat(new Base64URL(other).decode()).isEqualTo(new Base64URL(signature).decode());
        return parts[0] + "." + parts[1] + "." + other;
    }

    @Test
    void asvs_9_1_3_a_token_of_another_issuer_for_another_client_or_of_another_time_proves_nothing() {
        Instant now = Instant.now();
        Map<String, JWTClaimsSet.Builder> wrong = new LinkedHashMap<>();
        wrong.put("other issuer", provider.person().issuer("https://login.example.org"));
        wrong.put("issuer with a slash more", provider.person().issuer(provider.issuer() + "/"));
        wrong.put("no issuer", provider.person().issuer(null));
        wrong.put("other audience", provider.person().audience("grafana"));
        wrong.put("no audience", provider.person().audience((String) null));
        wrong.put("the client in other letters", provider.person().audience("Modelward"));
        wrong.put("asked for by another client", provider.person().claim("azp", "grafana"));
        wrong.put("several audiences, nobody who asked", provider.person().audience(List.of("modelward", "grafana")));
        wrong.put("expired", provider.person().expirationTime(Date.from(now.minusSeconds(61))));
        wrong.put("without an end", provider.person().expirationTime(null));
        wrong.put("an end that is a text", provider.person().claim("exp", "9999999999"));
        wrong.put("not valid yet", provider.person().notBeforeTime(Date.from(now.plusSeconds(70))));
        wrong.put("made in the future", provider.person().issueTime(Date.from(now.plusSeconds(70))));
        wrong.put("without a beginning", provider.person().issueTime(null));
        wrong.put("no subject", provider.person().subject(null));
        wrong.put("an empty subject", provider.person().subject(""));
        wrong.put("a subject that is too long", provider.person().subject("a".repeat(256)));
        wrong.put("a subject with a line break", provider.person().subject("ann\nbob"));
        wrong.put("a subject that is a number", provider.person().claim("sub", 7));
        wrong.put("a subject with a space behind", provider.person().subject("ann "));
        wrong.forEach((name, claims) ->
                assertThat(proves(provider.sign(claims.build()))).as(name).isFalse());
        Map<String, JWTClaimsSet.Builder> right = new LinkedHashMap<>();
        right.put("within the skew", provider.person().expirationTime(Date.from(now.minusSeconds(50))));
        right.put("a little early", provider.person().notBeforeTime(Date.from(now.plusSeconds(50))));
        right.put("the longest subject", provider.person().subject("a".repeat(255)));
        right.put(
                "asked for here",
                provider.person().audience(List.of("grafana", "modelward")).claim("azp", "modelward"));
        right.forEach((name, claims) ->
                assertThat(proves(provider.sign(claims.build()))).as(name).isTrue());
    }

    @Test
    void whatever_is_sent_is_refused_and_nothing_breaks() {
        JWTClaimsSet good = provider.person().build();
        String[] parts = provider.sign(good).split("\\.");
        String issuer = "{\"iss\":\"" + provider.issuer() + "\",\"aud\":\"modelward\",\"sub\":\"a\",\"iat\":1,\"exp\":";
        for (String time : List.of(
                "31556889864403199",
                "1e400",
                "1e300",
                "-1",
                "9223372036854775807",
                "99999999999999999999999",
                "[]",
                "{}",
                "true",
                "null",
                "\"1\"")) {
            assertThat(proves(parts[0] + "." + Base64URL.encode(issuer + time + "}") + "." + parts[2]))
                    .as(time)
                    .isFalse();
        }
        for (String header : List.of(
                "[".repeat(4000),
                "{\"a\":".repeat(1000),
                "{}",
                "[]",
                "null",
                "1",
                "{\"alg\":null}",
                "{\"alg\":5}",
                "{\"alg\":\"RS256\",\"alg\":\"none\"}",
                "{\"alg\":\"RS256\",\"kid\":5}",
                "{\"alg\":\"RS256\",\"kid\":null}",
                "{\"alg\":\"RS256\",\"crit\":[]}",
                "{\"alg\":\"RS256\",\"x5c\":\"a\"}",
                "{\"alg\":\"RS256\",\"jwk\":{}}",
                "{\"alg\":\"RS256\",\"b64\":false,\"crit\":[\"b64\"]}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}")) {
            assertThat(proves(Base64URL.encode(header) + "." + parts[1] + "." + parts[2]))
                    .as(header)
                    .isFalse();
        }
        for (String claims : List.of("[".repeat(4000), "", "[]", "null", "{\"iss\":1}", "{\"iss\":{}}", "\u0000")) {
            assertThat(proves(parts[0] + "." + Base64URL.encode(claims) + "." + parts[2]))
                    .as(claims)
                    .isFalse();
        }
        Random random = new Random(7);
        String token = provider.sign(good);
        for (int i = 0; i < 3000; i++) {
            char[] changed = token.toCharArray();
            int at = random.nextInt(changed.length);
            char before = changed[at];
            changed[at] = (char) (random.nextBoolean() ? 33 + random.nextInt(94) : random.nextInt(0x10000));
            if (changed[at] != before) {
                assertThat(proves(new String(changed)))
                        .as("%d: %c for %c", at, changed[at], before)
                        .isFalse();
            }
        }
        for (String text : List.of("", ".", "..", "eyJ.", "a.b.c", "a.b.c.d.e", "eyJ\u0000.a.b", "\ud800.a.b")) {
            assertThat(proves(text)).isFalse();
        }
        assertThat(proves(token)).isTrue();
        assertThat(proves(provider.sign(
                        provider.person().claim("x", "a".repeat(5000)).build())))
                .isTrue();
        assertThat(proves(provider.sign(
                        provider.person().claim("x", "a".repeat(6500)).build())))
                .isFalse();
    }

    @Test
    void groups_that_are_no_names_are_passed_over() {
        ProvenIdentity ann = identities
                .verifier()
                .verify(provider.sign(provider.person()
                        .claim("groups", Arrays.asList("a", "", " b", "c\nd", "x".repeat(256), null, List.of("e"), "f"))
                        .build()))
                .orElseThrow();
        assertThat(ann.groups()).containsExactlyInAnyOrder("a", "f");
    }

    @Test
    void every_algorithm_of_the_list_is_understood_and_fits_its_own_kind_of_key_only() throws Exception {
        JWTClaimsSet good = provider.person().build();
        ECKey small = new ECKeyGenerator(Curve.P_256).keyID("ec-256").generate();
        ECKey middle = new ECKeyGenerator(Curve.P_384).keyID("ec-384").generate();
        ECKey large = new ECKeyGenerator(Curve.P_521).keyID("ec-521").generate();
        KeyPair edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = edwards.getPublic().getEncoded();
        OctetKeyPair pair = new OctetKeyPair.Builder(
                        Curve.Ed25519,
                        Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)))
                .keyID("ed")
                .build();
        provider.published = Stream.<JWK>of(provider.key, small, middle, large, pair)
                .map(JWK::toPublicJWK)
                .toList();
        for (JWSAlgorithm algorithm : List.of(
                JWSAlgorithm.RS256,
                JWSAlgorithm.RS384,
                JWSAlgorithm.RS512,
                JWSAlgorithm.PS256,
                JWSAlgorithm.PS384,
                JWSAlgorithm.PS512)) {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(algorithm).keyID("key-1").build(), good);
            jwt.sign(new RSASSASigner(provider.key));
            assertThat(proves(jwt.serialize())).as(algorithm.getName()).isTrue();
        }
        for (ECKey key : List.of(small, middle, large)) {
            ECDSASigner signer = new ECDSASigner(key);
            JWSAlgorithm algorithm = signer.supportedJWSAlgorithms().iterator().next();
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), good);
            jwt.sign(signer);
            assertThat(proves(jwt.serialize())).as(algorithm.getName()).isTrue();
            SignedJWT nameless = new SignedJWT(new JWSHeader(algorithm), good);
            nameless.sign(signer);
            assertThat(proves(nameless.serialize())).as(algorithm.getName()).isTrue();
            SignedJWT strange = new SignedJWT(
                    new JWSHeader.Builder(algorithm).keyID("key-1").build(), good);
            strange.sign(signer);
            assertThat(proves(strange.serialize())).as(algorithm.getName()).isFalse();
        }
        String input = Base64URL.encode("{\"alg\":\"EdDSA\",\"kid\":\"ed\"}") + "." + Base64URL.encode(good.toString());
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(edwards.getPrivate());
        signature.update(input.getBytes(StandardCharsets.US_ASCII));
        byte[] signed = signature.sign();
        assertThat(proves(input + "." + Base64URL.encode(signed))).isTrue();
        signed[3] ^= 1;
        assertThat(proves(input + "." + Base64URL.encode(signed))).isFalse();
    }

    @Test
    void a_key_that_is_too_small_or_for_encryption_signs_nothing() throws Exception {
        KeyPairGenerator small = KeyPairGenerator.getInstance("RSA");
        small.initialize(1024);
        KeyPair pair = small.generateKeyPair();
        RSAKey weak = new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                .privateKey(pair.getPrivate())
                .keyID("weak")
                .build();
        RSAKey encrypting = new RSAKey.Builder(FakeProvider.rsa("enc"))
                .keyUse(KeyUse.ENCRYPTION)
                .build();
        provider.published = List.of(provider.key.toPublicJWK(), weak.toPublicJWK(), encrypting.toPublicJWK());
        JWTClaimsSet good = provider.person().build();
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("weak").build(), good);
        jwt.sign(new RSASSASigner(pair.getPrivate(), Set.of(AllowWeakRSAKey.getInstance())));
        assertThat(proves(jwt.serialize())).isFalse();
        assertThat(proves(FakeProvider.sign(good, encrypting))).isFalse();
        assertThat(proves(provider.sign(good))).isTrue();
    }

    @Test
    void a_new_key_is_fetched_when_a_token_names_it_and_made_up_key_ids_have_the_provider_asked_once() {
        assertThat(proves(provider.sign(provider.person().build()))).isTrue();
        assertThat(provider.called("/keys")).isEqualTo(1);
        RSAKey made = FakeProvider.rsa("made-up");
        nanos.addAndGet(Refreshed.PAUSE.toNanos());
        for (int i = 0; i < 50; i++) {
            assertThat(proves(signed(
                            header().keyID("made-up-" + i), provider.person().build(), made)))
                    .isFalse();
        }
        assertThat(provider.called("/keys")).isEqualTo(2);
        provider.key = FakeProvider.rsa("key-2");
        provider.published = List.of(provider.key.toPublicJWK());
        String early = provider.sign(provider.person().build());
        assertThat(proves(early)).isFalse();
        nanos.addAndGet(Refreshed.PAUSE.toNanos());
        assertThat(proves(provider.sign(provider.person().subject("bob").build())))
                .isTrue();
        assertThat(provider.called("/keys")).isEqualTo(3);
        // What was refused is refused for ten seconds more without a look, and then looked at again.
        assertThat(proves(early)).isFalse();
        offset.set(11);
        assertThat(proves(early)).isTrue();
    }

    @Test
    void known_keys_prove_tokens_while_the_provider_is_away_and_an_old_key_is_given_up_within_two_hours() {
        RSAKey old = provider.key;
        assertThat(proves(provider.sign(provider.person().build()))).isTrue();
        provider.odd = exchange -> {
            exchange.sendResponseHeaders(503, -1);
            return true;
        };
        nanos.addAndGet(Duration.ofDays(3).toNanos());
        assertThat(proves(provider.sign(provider.person().subject("bob").build())))
                .isTrue();
        provider.odd = exchange -> false;
        provider.published = List.of(FakeProvider.rsa("key-2").toPublicJWK());
        nanos.addAndGet(Refreshed.PAUSE.toNanos());
        assertThat(proves(FakeProvider.sign(provider.person().subject("cat").build(), old)))
                .isFalse();
    }

    @Test
    void a_token_that_came_while_the_provider_was_away_proves_something_when_the_provider_is_back() {
        provider.odd = exchange -> {
            exchange.sendResponseHeaders(503, -1);
            return true;
        };
        String token = provider.sign(provider.person().build());
        assertThat(proves(token)).isFalse();
        provider.odd = exchange -> false;
        assertThat(proves(token)).isFalse();
        nanos.addAndGet(Refreshed.PAUSE.toNanos());
        assertThat(proves(token)).isTrue();
    }

    @Test
    void a_token_is_checked_once_and_remembered_until_it_ends() {
        String token = provider.sign(provider.person()
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .build());
        assertThat(identities.verifier().remembered(token)).isEmpty();
        assertThat(proves(token)).isTrue();
        int calls = provider.calls.size();
        provider.close();
        nanos.addAndGet(Duration.ofDays(1).toNanos());
        assertThat(proves(token)).isTrue();
        assertThat(identities
                        .verifier()
                        .remembered(token)
                        .orElseThrow()
                        .orElseThrow()
                        .subject())
                .isEqualTo("ann-0001");
        assertThat(provider.calls).hasSize(calls);
        offset.set(601);
        assertThat(identities.verifier().remembered(token)).isEmpty();
        offset.set(661);
        assertThat(proves(token)).isFalse();
        assertThat(identities.verifier().remembered(token)).contains(Optional.empty());
        offset.set(672);
        assertThat(identities.verifier().remembered(token)).isEmpty();
    }
}
