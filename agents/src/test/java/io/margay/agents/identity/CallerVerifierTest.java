package io.margay.agents.identity;

import static io.margay.agents.identity.World.CRM;
import static io.margay.agents.identity.World.GATEWAY;
import static io.margay.agents.identity.World.id;
import static io.margay.agents.identity.World.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.margay.agents.call.Caller;
import io.margay.agents.call.User;
import io.margay.agents.identity.exchange.ExchangeRefusedException;
import io.margay.agents.identity.exchange.HopToken;
import io.margay.agents.identity.revocation.Revocation;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.token.Confirmation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who calls, with everything real but the clock. */
class CallerVerifierTest {
  private static final Set<String> READ = Set.of("read:customers");

  @TempDir private Path directory;
  private World world;

  @BeforeEach
  void begin() throws IOException {
    world = new World(directory);
  }

  @AfterEach
  void end() {
    world.close();
  }

  @Test
  void aUsersTokenAndAnSvidNameBoth() {
    Caller caller = world.accepted("support", world.userToken()).caller();
    assertThat(caller.workload()).isEqualTo("spiffe://shop.example/agent/support");
    assertThat(caller.user()).contains(new User(World.ISSUER, "alice", List.of("support")));
    assertThat(caller.chain()).containsExactly("spiffe://shop.example/agent/support");
    assertThat(caller.tokenId()).isEqualTo("user-token-1");
    assertThat(caller.scope()).containsExactly("read:customers", "send:mail", "write:customers");
  }

  @Test
  void anAgentMayWorkForItself() {
    Verification verification =
        world.verifier.verify(
            Presented.overTls(world.agent("support").chain(), Optional.empty(), Set.of(GATEWAY)));
    assertThat(verification).isInstanceOf(Verification.Accepted.class);
    Caller caller = ((Verification.Accepted) verification).caller();
    assertThat(caller.user()).isEmpty();
    assertThat(caller.depth()).isEqualTo(1);
  }

  @Test
  void withoutAnIdentityNobodyIsLetIn() {
    Verification.Refused refused =
        refused(
            world.verifier.verify(
                Presented.overTls(
                    List.of(), Optional.of("Bearer " + world.userToken()), Set.of(GATEWAY))));
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.wwwAuthenticate(Optional.of("https://gw/.well-known/x")))
        .isEqualTo("Bearer resource_metadata=\"https://gw/.well-known/x\"");
  }

  @Test
  void aTaskKeepsItsUserAndGathersItsAgents() throws Exception {
    String first = hop("support", world.userToken(), "research", READ).token();
    Verification.Accepted second = world.accepted("research", first);
    assertThat(second.caller().chain())
        .containsExactly(id("support").toString(), id("research").toString());
    assertThat(second.caller().user())
        .contains(new User(World.ISSUER, "alice", List.of("support")));
    assertThat(second.caller().scope()).containsExactly("read:customers");

    String next = hop("research", first, "mailer", Set.of("read:customers", "send:mail")).token();
    Verification.Accepted third = world.accepted("mailer", next);
    assertThat(third.caller().depth()).isEqualTo(3);
    assertThat(third.caller().scope()).containsExactly("read:customers");
    assertThat(third.grant().parent().orElseThrow().lineage().root()).isEqualTo("user-token-1");
  }

  @Test
  void aStolenHopTokenIsUseless() throws Exception {
    String token = hop("support", world.userToken(), "research", READ).token();
    assertThat(refused(world.call("thief", token)).reason())
        .isEqualTo("hop token: was not issued to this agent, nor for it");
    assertThat(refused(world.call("support", token)).reason()).contains("cnf");
  }

  @Test
  void aJwtSvidDoesNotMakeAStolenHopTokenUseful() throws Exception {
    String token = hop("support", world.userToken(), "research", READ).token();
    String svid = world.authority.issueJwt(id("research"), List.of(GATEWAY)).token();
    Presented presented =
        new Presented(
            List.of(),
            Optional.of(svid),
            Optional.of("Bearer " + token),
            Optional.empty(),
            "POST",
            URI.create(GATEWAY),
            Set.of(GATEWAY));
    assertThat(refused(world.verifier.verify(presented)).reason())
        .contains("clients with a certificate only");
  }

  @Test
  void anAgentHoldsATokenThatWasIssuedToIt() throws Exception {
    HopToken held =
        world.hopTokens.exchange(
            world.accepted("support", world.userToken()).grant(),
            CRM,
            READ,
            world.holder("support"),
            false);
    Verification.Accepted accepted = world.accepted("support", held.token());
    assertThat(accepted.caller().chain()).containsExactly(id("support").toString());
    assertThat(accepted.caller().tokenId()).isEqualTo(held.id());
    assertThat(refused(world.call("thief", held.token())).status()).isEqualTo(401);
  }

  @Test
  void aHeldTokenIsForItsAudienceOnly() throws Exception {
    HopToken held =
        world.hopTokens.exchange(
            world.accepted("support", world.userToken()).grant(),
            "https://other.example",
            READ,
            world.holder("support"),
            false);
    assertThat(refused(world.call("support", held.token())).reason()).contains("aud");
  }

  @Test
  void aNewCertificateEndsTheUseOfAHeldToken() throws Exception {
    HopToken held =
        world.hopTokens.exchange(
            world.accepted("support", world.userToken()).grant(),
            CRM,
            READ,
            world.holder("support"),
            false);
    Verification verification =
        world.verifier.verify(
            Presented.overTls(
                world.authority.issueX509(id("support")).chain(),
                Optional.of("Bearer " + held.token()),
                Set.of(CRM)));
    assertThat(refused(verification).reason()).contains("cnf");
  }

  @Test
  void aTokenForOneUseIsTakenOnce() throws Exception {
    HopToken once =
        world.hopTokens.exchange(
            world.accepted("support", world.userToken()).grant(),
            CRM,
            READ,
            world.holder("support"),
            true);
    world.accepted("support", once.token());
    assertThat(refused(world.call("support", once.token())).reason())
        .isEqualTo("hop token: was used before");
  }

  @Test
  void mayActNamesTheOnlyAgent() {
    Map<String, Object> claims = world.userClaims();
    claims.put("may_act", Map.of("sub", id("support").toString()));
    String token = world.userKeys.sign("at+jwt", claims);
    world.accepted("support", token);
    assertThat(refused(world.call("thief", token)).reason()).contains("may_act");
  }

  @Test
  void aUserTokenThatIsBoundToAKeyNeedsIt() {
    Map<String, Object> claims = world.userClaims();
    claims.put("cnf", world.holder("support").toClaim());
    String token = world.userKeys.sign("at+jwt", claims);
    world.accepted("support", token);
    assertThat(refused(world.call("thief", token)).reason()).contains("cnf");
  }

  @Test
  void aConfirmationThatNobodyKnowsIsNotIgnored() {
    Map<String, Object> claims = world.userClaims();
    claims.put("cnf", Map.of("kid", "somewhere"));
    assertThat(refused(world.call("support", world.userKeys.sign("at+jwt", claims))).reason())
        .isEqualTo("user token: cnf is neither x5t#S256 nor jkt");
  }

  @Test
  void tooManyAgentsAreStopped() throws Exception {
    String token = world.userToken();
    for (int i = 1; i <= 5; i++) {
      token = hop("a" + i, token, "a" + (i + 1), READ).token();
    }
    Verification.Refused refused = refused(world.call("a6", token));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.reason()).isEqualTo("the task went through 6 agents; 5 are allowed");
  }

  @Test
  void aHaltedAgentIsStoppedWhereverItIsInTheChain() throws Exception {
    String token = hop("support", world.userToken(), "research", READ).token();
    world.revocations.revokeAgent(id("support").toString(), "went rogue", world.clock.instant());
    assertThat(refused(world.call("support", world.userToken())).status()).isEqualTo(403);
    assertThat(refused(world.call("research", token)).reason())
        .isEqualTo("agent spiffe://shop.example/agent/support is halted: went rogue");
    world.revocations.lift(Revocation.Kind.AGENT, id("support").toString());
    world.accepted("research", token);
  }

  @Test
  void aRevokedTokenTakesItsDescendantsWithIt() throws Exception {
    HopToken first = hop("support", world.userToken(), "research", READ);
    String second = hop("research", first.token(), "mailer", READ).token();
    world.revocations.revokeToken(
        first.id(), "lost", world.clock.instant(), world.clock.instant().plusSeconds(600));
    assertThat(refused(world.call("research", first.token())).reason())
        .isEqualTo("the token is revoked: lost");
    assertThat(refused(world.call("mailer", second)).status()).isEqualTo(401);
    world.accepted("support", world.userToken());
  }

  @Test
  void aBlockedUserIsStoppedThroughEveryAgent() throws Exception {
    String token = hop("support", world.userToken(), "research", READ).token();
    world.revocations.revokeUser(World.ISSUER, "alice", "left", world.clock.instant());
    assertThat(refused(world.call("research", token)).reason())
        .isEqualTo("the user is blocked: left");
  }

  @Test
  void aRememberedTokenStillExpires() {
    String token = world.userToken();
    world.accepted("support", token);
    world.clock.turn(Duration.ofMinutes(31));
    assertThat(refused(world.call("support", token)).reason()).contains("expired at");
  }

  @Test
  void aRememberedCertificateStillExpires() {
    Presented presented =
        Presented.overTls(world.agent("support").chain(), Optional.empty(), Set.of(GATEWAY));
    assertThat(world.verifier.verify(presented)).isInstanceOf(Verification.Accepted.class);
    world.clock.turn(Duration.ofMinutes(61));
    assertThat(refused(world.verifier.verify(presented)).reason()).contains("not now");
  }

  @Test
  void otherSchemesAreRefused() {
    Verification verification =
        world.verifier.verify(
            Presented.overTls(
                world.agent("support").chain(),
                Optional.of("Basic YWxpY2U6eA=="),
                Set.of(GATEWAY)));
    assertThat(refused(verification).reason()).isEqualTo("Authorization: neither Bearer nor DPoP");
  }

  @Test
  void twoIdentitiesMustBeOne() {
    String svid = world.authority.issueJwt(id("other"), List.of(GATEWAY)).token();
    Presented presented =
        new Presented(
            world.agent("support").chain(),
            Optional.of(svid),
            Optional.empty(),
            Optional.empty(),
            "POST",
            URI.create(GATEWAY),
            Set.of(GATEWAY));
    assertThat(refused(world.verifier.verify(presented)).reason())
        .isEqualTo("JWT-SVID: of another agent than the certificate");
  }

  @Test
  void theChallengeHoldsNothingThatBreaksIt() {
    Verification.Refused refused =
        new Verification.Refused(401, "invalid_token", "a \"b\"\r\nSet-Cookie: x\\");
    assertThat(refused.wwwAuthenticate(Optional.empty()))
        .isEqualTo("Bearer error=\"invalid_token\", error_description=\"a _b___Set-Cookie: x_\"");
  }

  @Test
  void theSameTokenIsGivenAgainUntilItIsOld() throws Exception {
    String user = world.userToken();
    HopToken first = hop("support", user, "research", READ);
    assertThat(hop("support", user, "research", READ)).isEqualTo(first);
    assertThat(world.issued).containsExactly(first);
    assertThat(hop("support", user, "mailer", READ)).isNotEqualTo(first);
    world.clock.turn(Duration.ofMinutes(4).plusSeconds(1));
    assertThat(hop("support", user, "research", READ).expires()).isAfter(first.expires());
  }

  /** The token with which the gateway calls the next agent. */
  private HopToken hop(String agent, String token, String next, Set<String> scope)
      throws Exception {
    Confirmation gateway =
        new Confirmation.Certificate(
            X509Svids.thumbprint(world.agent("gateway").chain().getFirst()));
    try {
      return world.hopTokens.forUpstream(
          world.accepted(agent, token).grant(), id(next).toString(), scope, gateway);
    } catch (ExchangeRefusedException e) {
      throw new AssertionError(e.reason(), e);
    }
  }
}
