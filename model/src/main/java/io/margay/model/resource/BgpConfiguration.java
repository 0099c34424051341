package io.margay.model.resource;

import io.margay.model.net.Cidr;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How nodes speak BGP. Only the object named {@value #DEFAULT} counts. */
public record BgpConfiguration(ObjectMeta metadata, Spec spec) implements AddressResource {
  public static final String DEFAULT = "default";

  /** The AS number where none is written. */
  public static final long DEFAULT_AS = 64_512;

  /** The TCP port where none is written. */
  public static final int DEFAULT_PORT = 179;

  @Override
  public Kind kind() {
    return Kind.BGP_CONFIGURATION;
  }

  /**
   * The specification.
   *
   * @param mesh whether every node speaks with every other
   * @param asNumber of nodes that have none of their own
   * @param nodeIpOnly whether nodes listen on their own address only
   * @param services ranges of services' addresses to advertise
   * @param communities values by name
   * @param ignoredInterfaces patterns of interfaces whose subnets do not count
   * @param meshRestart how long neighbours keep routes of a node that restarts; null for 120 s
   * @param meshPassword signs the packets of the mesh's sessions; null where nothing does
   * @param unusable why nodes must not speak at all; empty if they may
   */
  public record Spec(
      boolean mesh,
      long asNumber,
      int listenPort,
      boolean nodeIpOnly,
      List<Cidr> services,
      Map<String, String> communities,
      List<Advertisement> advertisements,
      List<String> ignoredInterfaces,
      @Nullable Duration meshRestart,
      @Nullable SecretKey meshPassword,
      String unusable) {

    /** What holds where there is no object. */
    public static final Spec DEFAULTS =
        new Spec(
            true,
            DEFAULT_AS,
            DEFAULT_PORT,
            false,
            List.of(),
            Map.of(),
            List.of(),
            List.of(),
            null,
            null,
            "");

    public Spec {
      services = List.copyOf(services);
      communities = Map.copyOf(communities);
      advertisements = List.copyOf(advertisements);
      ignoredInterfaces = List.copyOf(ignoredInterfaces);
    }
  }

  /** Communities, by value or by name, of the routes inside a range. */
  public record Advertisement(Cidr cidr, List<String> communities) {
    public Advertisement {
      communities = List.copyOf(communities);
    }
  }
}
