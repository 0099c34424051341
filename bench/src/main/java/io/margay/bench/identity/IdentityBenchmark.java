package io.margay.bench.identity;

import io.margay.agents.identity.CallerVerifier;
import io.margay.agents.identity.Presented;
import io.margay.agents.identity.Verification;
import io.margay.agents.identity.exchange.DpopProofs;
import io.margay.agents.identity.exchange.ExchangeRefusedException;
import io.margay.agents.identity.exchange.Grant;
import io.margay.agents.identity.exchange.HopToken;
import io.margay.agents.identity.exchange.HopTokens;
import io.margay.agents.identity.exchange.SingleUse;
import io.margay.agents.identity.http.EmbeddedIssuer;
import io.margay.agents.identity.revocation.MemoryRevocations;
import io.margay.agents.identity.spiffe.JwtSvids;
import io.margay.agents.identity.spiffe.SpiffeAuthority;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.token.Confirmation;
import io.margay.agents.identity.token.KeyRotation;
import io.margay.agents.identity.token.RefusedTokenException;
import io.margay.agents.identity.token.RotatingKeys;
import io.margay.agents.identity.token.VerifiedToken;
import io.margay.agents.identity.user.TrustedIssuer;
import io.margay.agents.identity.user.UserTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Who calls, and the token for the next hop: what one call pays when both are remembered, and when
 * neither is. Run it with {@code org.openjdk.jmh.Main IdentityBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class IdentityBenchmark {
  private static final String GATEWAY = "https://gateway.shop.example";
  private static final String CRM = GATEWAY + "/mcp/crm";
  private static final Set<String> SCOPE = Set.of("read:customers");

  private @Nullable World world;

  /** All that the benchmarks use. */
  private record World(
      EmbeddedIssuer issuer,
      CallerVerifier verifier,
      HopTokens tokens,
      Presented presented,
      Grant grant,
      Confirmation holder) {}

  @Setup
  public void begin() throws IOException, RefusedTokenException {
    InstantSource clock = InstantSource.system();
    Path directory = Files.createTempDirectory("identity-bench");
    SpiffeAuthority authority =
        SpiffeAuthority.open(directory, SpiffeAuthority.Config.of("shop.example"), clock);
    EmbeddedIssuer issuer =
        EmbeddedIssuer.start(
            0,
            Map.of("alice", new EmbeddedIssuer.Person("s", List.of("support"), SCOPE)),
            GATEWAY,
            clock);
    HopTokens tokens =
        new HopTokens(
            new HopTokens.Config(GATEWAY, Duration.ofMinutes(5), 5, Set.of(GATEWAY)),
            RotatingKeys.inMemory(
                new KeyRotation.Timing(Duration.ofDays(1), Duration.ofMinutes(10)), clock),
            clock);
    SingleUse singleUse = new SingleUse(100_000, clock);
    CallerVerifier verifier =
        new CallerVerifier(
            new CallerVerifier.Parts(
                new X509Svids(authority::bundles, clock),
                new JwtSvids(authority::bundles, clock, Duration.ofSeconds(5)),
                new UserTokens(
                    List.of(TrustedIssuer.discovered(issuer.issuer(), GATEWAY)),
                    UserTokens.Limits.DEFAULT,
                    clock),
                tokens,
                new DpopProofs(singleUse, clock),
                singleUse,
                new MemoryRevocations(clock)));
    List<X509Certificate> chain =
        authority.issueX509(SpiffeId.of("spiffe://shop.example/agent/a")).chain();
    Presented presented =
        Presented.overTls(
            chain, Optional.of("Bearer " + issuer.token("alice", SCOPE)), Set.of(GATEWAY, CRM));
    if (!(verifier.verify(presented) instanceof Verification.Accepted accepted)) {
      throw new IllegalStateException("the call is not accepted");
    }
    Confirmation holder = new Confirmation.Certificate(X509Svids.thumbprint(chain.getFirst()));
    world = new World(issuer, verifier, tokens, presented, accepted.grant(), holder);
  }

  @TearDown
  public void end() {
    world().issuer.close();
  }

  private World world() {
    if (world == null) {
      throw new IllegalStateException("not begun");
    }
    return world;
  }

  /** A call like thousands before it: certificate, user token, revocations, and the next token. */
  @Benchmark
  public HopToken callRemembered() throws ExchangeRefusedException {
    if (world().verifier.verify(world().presented) instanceof Verification.Accepted accepted) {
      return world().tokens.forUpstream(accepted.grant(), CRM, SCOPE, world().holder);
    }
    throw new IllegalStateException("the call is not accepted");
  }

  /** A token that is signed. */
  @Benchmark
  public HopToken tokenIssued() throws ExchangeRefusedException {
    return world().tokens.exchange(world().grant, CRM, SCOPE, world().holder, false);
  }

  /** A token that is signed, and checked for the first time. */
  @Benchmark
  public VerifiedToken tokenIssuedAndChecked()
      throws ExchangeRefusedException, RefusedTokenException {
    return world().tokens.verify(tokenIssued().token());
  }
}
