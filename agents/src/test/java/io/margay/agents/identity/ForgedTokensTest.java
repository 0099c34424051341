package io.margay.agents.identity;

import static io.margay.agents.identity.World.CRM;
import static io.margay.agents.identity.World.GATEWAY;
import static io.margay.agents.identity.World.id;
import static io.margay.agents.identity.World.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.margay.agents.identity.exchange.HopToken;
import io.margay.agents.identity.token.KeyRotation;
import io.margay.agents.identity.token.RotatingKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of every kind, forged in every way that we know, each refused for one clear reason. */
class ForgedTokensTest {
  @TempDir private Path directory;
  private World world;
  private RotatingKeys strangersKeys;

  @BeforeEach
  void begin() throws IOException {
    world = new World(directory);
    strangersKeys =
        RotatingKeys.inMemory(
            new KeyRotation.Timing(Duration.ofDays(1), Duration.ofHours(1)), world.clock);
  }

  @AfterEach
  void end() {
    world.close();
  }

  private String reason(String token) {
    Verification.Refused refused = refused(world.call("support", token));
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.error()).isEqualTo("invalid_token");
    return refused.reason();
  }

  private String userToken(String claim, Object value) {
    Map<String, Object> claims = world.userClaims();
    claims.put(claim, value);
    return world.userKeys.sign("at+jwt", claims);
  }

  private static String unsigned(String header, Map<String, Object> claims) {
    return base64(header) + "." + base64(JSONObjectUtils.toJSONString(claims)) + ".";
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void unsignedTokens() {
    assertThat(reason(unsigned("{\"alg\":\"none\",\"typ\":\"at+jwt\"}", world.userClaims())))
        .startsWith("token: alg is not one of the public-key signatures");
    assertThat(reason(unsigned("{\"alg\":\"nOnE\"}", world.userClaims())))
        .startsWith("token: alg is not");
    assertThat(reason(unsigned("{\"alg\":\"ES256\"}", world.userClaims())))
        .isEqualTo("token: not a JWT that can be read");
  }

  /** The classic: the public key, which everybody has, taken for a shared secret. */
  @Test
  void publicKeysAreNoSecrets() throws Exception {
    byte[] publicKey = world.userKeys.publicKeys().toString().getBytes(StandardCharsets.UTF_8);
    JWSObject jws =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.HS256).type(new JOSEObjectType("at+jwt")).build(),
            new Payload(world.userClaims()));
    jws.sign(new MACSigner(publicKey));
    assertThat(reason(jws.serialize())).startsWith("token: alg is not");
  }

  @Test
  void otherKeysOrChangedClaims() {
    assertThat(reason(strangersKeys.sign("at+jwt", world.userClaims())))
        .isEqualTo("user token: signed with a key that its issuer does not have");
    String good = world.userToken();
    String[] parts = good.split("\\.");
    Map<String, Object> claims = world.userClaims();
    claims.put("sub", "mallory");
    String changed = parts[0] + "." + base64(JSONObjectUtils.toJSONString(claims)) + "." + parts[2];
    assertThat(reason(changed)).isEqualTo("user token: signature is wrong");
  }

  /** A hop token signed by the users' identity provider, and the other way round. */
  @Test
  void issuersDoNotSignForEachOther() {
    Map<String, Object> claims = world.userClaims();
    claims.put("iss", GATEWAY);
    assertThat(reason(world.userKeys.sign("at+jwt", claims)))
        .isEqualTo("hop token: signed with a key that its issuer does not have");
    assertThat(reason(world.hopKeys.sign("at+jwt", world.userClaims())))
        .isEqualTo("user token: signed with a key that its issuer does not have");
  }

  @Test
  void wrongIssuersAudiencesAndTimes() {
    assertThat(reason(userToken("iss", "https://id.shop.example/")))
        .isEqualTo("user token: its issuer is not trusted here (iss)");
    assertThat(reason(userToken("aud", "https://other.example")))
        .isEqualTo("user token: for another audience (aud)");
    long now = world.clock.instant().getEpochSecond();
    assertThat(reason(userToken("exp", now - 11))).startsWith("user token: expired at");
    assertThat(reason(userToken("nbf", now + 11))).startsWith("user token: not valid before");
    assertThat(reason(userToken("iat", now + 11))).startsWith("user token: not valid before");
    Map<String, Object> claims = world.userClaims();
    claims.remove("exp");
    assertThat(reason(world.userKeys.sign("at+jwt", claims)))
        .isEqualTo("user token: claim exp is missing");
  }

  @Test
  void claimsOfTheWrongType() {
    assertThat(reason(userToken("exp", "tomorrow")))
        .isEqualTo("user token: claim exp is not a time in seconds");
    assertThat(reason(userToken("exp", 1e300)))
        .isEqualTo("user token: claim exp is not a time in seconds");
    assertThat(reason(userToken("sub", List.of("alice", "root"))))
        .isEqualTo("user token: claim sub is not a string that is not empty");
    assertThat(reason(userToken("groups", Map.of("a", 1))))
        .isEqualTo("user token: claim groups is not a string or a list of strings");
    assertThat(reason(userToken("aud", List.of(GATEWAY, 1))))
        .isEqualTo("user token: claim aud is not a list of strings");
  }

  @Test
  void anIdTokenIsNoAccessToken() {
    assertThat(reason(world.userKeys.sign("JWT", world.userClaims())))
        .isEqualTo("user token: typ is not an access token's");
  }

  @Test
  void oversizedAndMalformed() {
    assertThat(reason(userToken("padding", "x".repeat(8192))))
        .isEqualTo("token: longer than 8192 characters");
    assertThat(reason("")).startsWith("token: not a JWT");
    assertThat(reason("a.b")).startsWith("token: not a JWT");
    assertThat(reason("a.b.c.d")).startsWith("token: not a JWT");
    assertThat(reason("a.b.c d")).startsWith("token: not a JWT");
    assertThat(reason(base64("[1]") + "." + base64("{}") + ".eA"))
        .isEqualTo("token: not a JWT that can be read");
    assertThat(reason(base64("{\"alg\":\"ES256\"}") + "." + base64("[".repeat(2000)) + ".eA"))
        .isEqualTo("token: JSON nested too deeply");
    assertThat(
            reason(
                base64("{\"alg\":\"ES256\",\"crit\":[\"x\"],\"x\":1}")
                    + "."
                    + base64("{}")
                    + ".eA"))
        .isEqualTo("token: crit, b64 and zip headers are not accepted");
  }

  /** One reader takes the first of two, another one the last: neither is right. */
  @Test
  void aNameTwice() {
    String payload = "{\"iss\":\"" + World.ISSUER + "\",\"iss\":\"" + GATEWAY + "\"}";
    assertThat(reason(base64("{\"alg\":\"ES256\"}") + "." + base64(payload) + ".eA"))
        .isEqualTo("token: not a JWT that can be read");
  }

  @Test
  void aKeyOfItsOwnInTheHeaderIsNotUsed() throws Exception {
    String forged = strangersKeys.sign("at+jwt", world.userClaims());
    String header =
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"jwk\":"
            + strangersKeys.publicKeys().getKeys().getFirst().toJSONString()
            + "}";
    String withKey = base64(header) + forged.substring(forged.indexOf('.'));
    assertThat(reason(withKey)).isEqualTo("user token: signature is wrong");
  }

  @Test
  void hopTokensThatContradictThemselves() throws Exception {
    Map<String, Object> good = hopClaims();
    assertThat(world.call("research", world.hopKeys.sign("at+jwt", good)))
        .isInstanceOf(Verification.Accepted.class);
    assertThat(hopReason("depth", 1)).isEqualTo("hop token: its depth and its actors do not agree");
    assertThat(hopReason("depth_max", 1))
        .isEqualTo("hop token: its depth and its actors do not agree");
    assertThat(hopReason("act", Map.of("sub", id("support").toString())))
        .isEqualTo("hop token: its depth and its actors do not agree");
    assertThat(hopReason("act", Map.of("sub", "mallory")))
        .isEqualTo("SPIFFE id: does not start with spiffe://");
    assertThat(hopReason("root_jti", "other")).isEqualTo("hop token: its ancestors do not agree");
    assertThat(hopReason("aud", List.of(id("research").toString(), CRM)))
        .isEqualTo("hop token: does not have exactly one audience");
    assertThat(hopReason("cnf", null)).isEqualTo("hop token: is bound to no key (cnf)");
    assertThat(hopReason("exp", world.clock.instant().getEpochSecond()))
        .startsWith("hop token: expired at");
  }

  private Map<String, Object> hopClaims() throws Exception {
    HopToken first =
        world.hopTokens.forUpstream(
            world.accepted("support", world.userToken()).grant(),
            id("planner").toString(),
            Set.of("read:customers"),
            world.holder("gateway"));
    HopToken second =
        world.hopTokens.forUpstream(
            world.accepted("planner", first.token()).grant(),
            id("research").toString(),
            Set.of("read:customers"),
            world.holder("gateway"));
    return new HashMap<>(JWSObject.parse(second.token()).getPayload().toJSONObject());
  }

  private String hopReason(String claim, Object value) throws Exception {
    Map<String, Object> claims = hopClaims();
    if (value == null) {
      claims.remove(claim);
    } else {
      claims.put(claim, value);
    }
    return refused(world.call("research", world.hopKeys.sign("at+jwt", claims))).reason();
  }

  @Test
  void jwtSvids() {
    String good = world.authority.issueJwt(id("support"), List.of(GATEWAY)).token();
    assertThat(svid(good)).isInstanceOf(Verification.Accepted.class);
    assertThat(
            refused(svid(world.authority.issueJwt(id("support"), List.of(CRM + "/x")).token()))
                .reason())
        .isEqualTo("JWT-SVID: for another audience (aud)");
    Map<String, Object> claims = new HashMap<>();
    claims.put("sub", id("support").toString());
    claims.put("aud", GATEWAY);
    claims.put("exp", world.clock.instant().plusSeconds(60).getEpochSecond());
    assertThat(refused(svid(strangersKeys.sign("JWT", claims))).reason())
        .isEqualTo("JWT-SVID: signed with a key that its issuer does not have");
    assertThat(refused(svid(strangersKeys.sign("at+jwt", claims))).reason())
        .isEqualTo("JWT-SVID: typ is neither JWT nor JOSE");
    claims.put("sub", "spiffe://evil.example/agent/support");
    assertThat(refused(svid(strangersKeys.sign("JWT", claims))).reason())
        .isEqualTo("SPIFFE id: trust domain evil.example is not trusted here");
    claims.put("sub", "alice");
    assertThat(refused(svid(strangersKeys.sign("JWT", claims))).reason())
        .isEqualTo("SPIFFE id: does not start with spiffe://");
    assertThat(refused(svid(unsigned("{\"alg\":\"none\"}", claims))).reason())
        .startsWith("JWT-SVID: alg is not");
    assertThat(
            refused(svid(base64("{\"alg\":\"ES256\",\"x5u\":\"https://x\"}") + ".e30.eA")).reason())
        .isEqualTo("JWT-SVID: has headers other than alg, kid and typ");
    world.clock.turn(Duration.ofMinutes(6));
    assertThat(refused(svid(good)).reason()).startsWith("JWT-SVID: expired at");
  }

  private Verification svid(String token) {
    return world.verifier.verify(
        new Presented(
            List.of(),
            Optional.of(token),
            Optional.empty(),
            Optional.empty(),
            "POST",
            URI.create(GATEWAY),
            Set.of(GATEWAY)));
  }

  @Test
  void keysOfAnIssuerRotate() {
    assertThat(world.call("support", world.userToken())).isInstanceOf(Verification.Accepted.class);
    int reads = world.keyServer.reads();
    for (int i = 0; i < 50; i++) {
      reason(strangersKeys.sign("at+jwt", world.userClaims()));
    }
    // Unknown keys make us look again, but not as often as a stranger likes.
    assertThat(world.keyServer.reads()).isLessThanOrEqualTo(reads + 1);
    world.clock.turn(Duration.ofDays(1).plusMinutes(1));
    assertThat(world.call("support", world.userToken())).isInstanceOf(Verification.Accepted.class);
  }
}
