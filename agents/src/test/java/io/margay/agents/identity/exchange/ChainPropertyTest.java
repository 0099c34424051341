package io.margay.agents.identity.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.agents.identity.Verification;
import io.margay.agents.identity.World;
import io.margay.agents.identity.token.VerifiedToken;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over random tasks, a token never allows more than the one that it was made from. */
class ChainPropertyTest {
  private static final List<String> SCOPES = List.of("a", "b", "c", "d", "e", "f");
  private static final int CHAINS = 150;

  @TempDir private Path directory;
  private final Random random = new Random(20261121);

  @Test
  void tokensOnlyShrink() throws IOException, ExchangeRefusedException {
    int hops = 0;
    int refusals = 0;
    try (World world = new World(directory)) {
      for (int chain = 0; chain < CHAINS; chain++) {
        Map<String, Object> claims = world.userClaims();
        claims.put("jti", "user-" + chain);
        claims.put("scope", String.join(" ", someScopes()));
        claims.put(
            "exp", world.clock.instant().plusSeconds(20 + random.nextInt(600)).getEpochSecond());
        String token = world.userKeys.sign("at+jwt", claims);
        String holder = agent();
        for (int hop = 0; hop < 8; hop++) {
          if (!(world.call(holder, token) instanceof Verification.Accepted accepted)) {
            refusals++;
            break;
          }
          String audience = agent();
          Set<String> asked = someScopes();
          if (random.nextInt(4) > 0) {
            asked.retainAll(accepted.caller().scope());
          }
          HopToken next =
              random.nextBoolean()
                  ? upstream(world, accepted.grant(), audience, asked)
                  : exchanged(world, accepted.grant(), audience, asked);
          if (next == null) {
            refusals++;
            break;
          }
          check(world, accepted, audience, asked, next);
          hops++;
          token = next.token();
          holder = audience;
          world.clock.turn(Duration.ofSeconds(random.nextInt(20)));
        }
      }
    }
    // Otherwise the chains would prove nothing.
    assertThat(hops).isGreaterThan(300);
    assertThat(refusals).isGreaterThan(20);
  }

  private static HopToken upstream(World world, Grant grant, String next, Set<String> scope) {
    try {
      return world.hopTokens.forUpstream(
          grant, World.id(next).toString(), scope, world.holder("gateway"));
    } catch (ExchangeRefusedException e) {
      return null;
    }
  }

  private static HopToken exchanged(World world, Grant grant, String next, Set<String> scope) {
    try {
      return world.hopTokens.exchange(
          grant, World.id(next).toString(), scope, world.holder("gateway"), false);
    } catch (ExchangeRefusedException e) {
      return null;
    }
  }

  private static void check(
      World world,
      Verification.Accepted caller,
      String audience,
      Set<String> asked,
      HopToken token) {
    VerifiedToken parent = caller.grant().parent().orElseThrow();
    VerifiedToken child;
    try {
      child = world.hopTokens.verify(token.token());
    } catch (io.margay.agents.identity.token.RefusedTokenException e) {
      throw new AssertionError(e.reason(), e);
    }
    assertThat(parent.scope()).containsAll(child.scope());
    if (!asked.isEmpty()) {
      assertThat(asked).containsAll(child.scope());
    }
    assertThat(child.expires()).isBeforeOrEqualTo(parent.expires());
    assertThat(child.expires()).isBeforeOrEqualTo(caller.grant().agentExpires());
    assertThat(child.audience()).containsExactly(World.id(audience).toString());
    assertThat(child.lineage().depth()).isEqualTo(parent.lineage().depth() + 1);
    assertThat(child.lineage().depth()).isLessThanOrEqualTo(child.lineage().depthMax());
    assertThat(child.lineage().depthMax()).isLessThanOrEqualTo(parent.lineage().depthMax());
    assertThat(child.lineage().root()).isEqualTo(parent.lineage().root());
    assertThat(child.lineage().ancestors()).endsWith(parent.lineage().id());
    assertThat(child.user()).isEqualTo(parent.user());
    assertThat(child.lineage().actors()).isEqualTo(caller.caller().chain());
    assertThat(child.confirmation()).isPresent();
  }

  private String agent() {
    return "agent-" + random.nextInt(8);
  }

  private Set<String> someScopes() {
    Set<String> some = new HashSet<>();
    for (String scope : SCOPES) {
      if (random.nextInt(3) > 0) {
        some.add(scope);
      }
    }
    return some;
  }
}
