package io.margay.policy.table;

import io.margay.model.net.IpAddress;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Stage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint of this node with the groups that judge it.
 *
 * @param interfaceName the host's side of a pod's interface, the host endpoint's interface, or
 *     {@code *}; empty where only addresses identify a host endpoint's interface
 * @param addresses the endpoint's own addresses: a pod may send from no other
 * @param judges one for each direction and stage in which the endpoint is judged. A workload has
 *     {@link Stage#NORMAL} both ways. A stage that is missing lets traffic pass on
 */
public record JudgedEndpoint(
    EndpointId id, String interfaceName, List<IpAddress> addresses, Map<Point, Judge> judges) {
  public JudgedEndpoint {
    addresses = List.copyOf(addresses);
    judges = Map.copyOf(judges);
  }

  /** A direction at a stage. */
  public record Point(Direction direction, Stage stage) {}

  public @Nullable Judge judge(Direction direction, Stage stage) {
    return judges.get(new Point(direction, stage));
  }
}
