package io.margay.app.process;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.network.bgp.BgpController;
import io.margay.network.bgp.BgpPasswords;
import io.margay.network.migration.MigrationController;
import io.margay.network.migration.MigrationSettings;
import io.margay.network.route.RouteController;
import io.margay.network.route.RouteSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What a node's process does besides policy when the routes are its own: all of it or nothing. */
public final class NodeRoutes {
  private NodeRoutes() {}

  /**
   * How BGP is spoken.
   *
   * @param program BIRD
   * @param folder for its configuration, its log and its control socket
   */
  public record Bgp(Path program, Path folder, BgpPasswords passwords) {}

  /**
   * Lets a process that has not started keep the routes, follow machines that move, and speak BGP.
   *
   * @param namespace the node's; stays the caller's
   * @param bgp null for none
   */
  public static void keep(
      NodeProcess process, String node, NetworkNamespace namespace, @Nullable Bgp bgp) {
    RouteSettings settings = RouteSettings.defaults(node);
    RouteController routes =
        new RouteController(namespace, bgp == null ? settings : settings.withBgp());
    process.keepRoutes(routes);
    process.followMigrations(
        new MigrationController(
            namespace,
            MigrationSettings.defaults(node),
            routes::prioritize,
            InstantSource.system()));
    if (bgp != null) {
      process.speakBgp(
          new BgpController(namespace, node, bgp.program(), bgp.folder(), bgp.passwords()));
    }
  }
}
