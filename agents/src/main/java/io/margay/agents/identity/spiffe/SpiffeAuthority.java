package io.margay.agents.identity.spiffe;

import com.nimbusds.jose.jwk.JWKSet;
import io.margay.agents.identity.spiffe.CaCertificates.Authority;
import io.margay.agents.identity.token.KeyRotation;
import io.margay.agents.identity.token.KeyRotation.Slot;
import io.margay.agents.identity.token.RotatingKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A small authority for machines without SPIRE: one trust domain, whose keys lie in a directory and
 * rotate. It issues SVIDs to whoever asks in this process; the Workload API decides who may. Of
 * many threads at a time.
 */
public final class SpiffeAuthority {
  private final Config config;
  private final KeyRotation<Authority> authorities;
  private final RotatingKeys jwtKeys;
  private final InstantSource clock;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  private volatile List<TrustBundle> federated = List.of();
  private volatile Published published;

  /**
   * How long things last.
   *
   * @param x509Lifetime of X.509-SVIDs
   * @param jwtLifetime of JWT-SVIDs
   * @param keyLifetime for which an authority's key signs
   */
  public record Config(
      String trustDomain, Duration x509Lifetime, Duration jwtLifetime, Duration keyLifetime) {

    /** An hour and five minutes, as SPIRE does, and keys that sign for a week. */
    public static Config of(String trustDomain) {
      return new Config(
          trustDomain, Duration.ofHours(1), Duration.ofMinutes(5), Duration.ofDays(7));
    }
  }

  /** An SVID and its key. */
  public record IssuedX509(SpiffeId id, List<X509Certificate> chain, PrivateKey key) {}

  /** A JWT-SVID. */
  public record IssuedJwt(SpiffeId id, String token, Instant expires) {}

  private record Published(
      List<Slot<Authority>> slots, JWKSet keys, List<TrustBundle> federated, TrustBundles all) {}

  private SpiffeAuthority(
      Config config,
      KeyRotation<Authority> authorities,
      RotatingKeys jwtKeys,
      InstantSource clock) {
    this.config = config;
    this.authorities = authorities;
    this.jwtKeys = jwtKeys;
    this.clock = clock;
    this.published = publish();
    // They end with this object, which is what they keep alive.
    AutoCloseable unused = authorities.listen(this::changed);
    AutoCloseable alsoUnused = jwtKeys.listen(this::changed);
  }

  /**
   * Opens the directory of an authority, or makes one.
   *
   * @throws IOException also when others can read its keys, or it is of another trust domain
   */
  public static SpiffeAuthority open(Path directory, Config config, InstantSource clock)
      throws IOException {
    CaKeeper keeper = new CaKeeper(directory.resolve("x509.json"), config.trustDomain, clock);
    KeyRotation<Authority> authorities =
        new KeyRotation<>(
            keeper.load(),
            new KeyRotation.Timing(config.keyLifetime, config.x509Lifetime),
            keeper,
            clock);
    RotatingKeys jwtKeys =
        RotatingKeys.inFile(
            directory.resolve("jwt.json"),
            new KeyRotation.Timing(config.keyLifetime, config.jwtLifetime.plusMinutes(1)),
            clock);
    return new SpiffeAuthority(config, authorities, jwtKeys, clock);
  }

  public String trustDomain() {
    return config.trustDomain;
  }

  public Duration x509Lifetime() {
    return config.x509Lifetime;
  }

  /** Our own bundle and the federated ones; the same objects as long as nothing changes. */
  public TrustBundles bundles() {
    List<Slot<Authority>> slots = authorities.trusted();
    JWKSet keys = jwtKeys.publicKeys();
    Published known = published;
    if (!known.slots.equals(slots) || known.keys != keys || known.federated != federated) {
      known = publish();
      published = known;
    }
    return known.all;
  }

  /** Our own bundle. */
  public TrustBundle bundle() {
    TrustBundle own = bundles().byDomain().get(config.trustDomain);
    if (own == null) {
      throw new IllegalStateException("the own bundle is always there");
    }
    return own;
  }

  /** Trusts other trust domains from now on, and no others; never in our own's place. */
  public void federate(Collection<TrustBundle> bundles) {
    for (TrustBundle bundle : bundles) {
      if (bundle.trustDomain().equals(config.trustDomain)) {
        throw new IllegalArgumentException(
            "trust domain " + config.trustDomain + " is our own; its bundle is not replaced");
      }
    }
    federated = List.copyOf(bundles);
    changed();
  }

  /** Calls a listener after each change of the bundles. */
  public AutoCloseable listen(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Moves on to new keys if it is time to. Whoever serves bundles calls this now and then. */
  public void tick() {
    bundles();
  }

  /** An SVID with a new key. */
  public IssuedX509 issueX509(SpiffeId id) {
    try {
      KeyPair keys = CaCertificates.newKeys();
      return new IssuedX509(id, List.of(certify(id, keys.getPublic())), keys.getPrivate());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every Java makes P-256 keys and certificates", e);
    }
  }

  private X509Certificate certify(SpiffeId id, PublicKey key)
      throws GeneralSecurityException, IOException {
    checkOurs(id);
    return CaCertificates.newSvid(
        authorities.signer().key(), id, key, clock.instant(), config.x509Lifetime);
  }

  /**
   * A JWT-SVID.
   *
   * @param audience at least one
   */
  public IssuedJwt issueJwt(SpiffeId id, List<String> audience) {
    checkOurs(id);
    if (audience.isEmpty()) {
      throw new IllegalArgumentException("a JWT-SVID is for at least one audience");
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant expires = now.plus(config.jwtLifetime);
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("sub", id.toString());
    claims.put("aud", audience);
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", expires.getEpochSecond());
    return new IssuedJwt(id, jwtKeys.sign("JWT", claims), expires);
  }

  private void checkOurs(SpiffeId id) {
    if (!id.trustDomain().equals(config.trustDomain) || id.path().isEmpty()) {
      throw new IllegalArgumentException(
          id + " is not a workload of trust domain " + config.trustDomain);
    }
  }

  private void changed() {
    listeners.forEach(Runnable::run);
  }

  private Published publish() {
    List<Slot<Authority>> slots = authorities.trusted();
    JWKSet keys = jwtKeys.publicKeys();
    List<TrustBundle> foreign = federated;
    List<TrustBundle> all = new ArrayList<>(foreign);
    all.add(
        new TrustBundle(
            config.trustDomain,
            slots.stream().map(slot -> slot.key().certificate()).toList(),
            keys));
    return new Published(slots, keys, foreign, TrustBundles.of(all));
  }
}
