package io.margay.app.process;

import io.margay.model.net.IpAddress;
import io.margay.policy.table.EndpointId;
import io.margay.policy.table.TableDelta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Which endpoints the dataplane judges, and with which addresses; one can wait for it. */
final class EnforcedEndpoints {
  private final Map<EndpointId, List<IpAddress>> enforced = new HashMap<>();

  /** What the dataplane was told and has not put in force yet. */
  private final List<TableDelta> told = new ArrayList<>();

  synchronized void tell(TableDelta delta) {
    told.add(delta);
  }

  /** All that was told is in force. */
  synchronized void inForce() {
    for (TableDelta delta : told) {
      delta.endpointsRemoved().forEach(enforced::remove);
      delta.endpointsSet().forEach((id, endpoint) -> enforced.put(id, endpoint.addresses()));
    }
    told.clear();
    notifyAll();
  }

  /**
   * Waits until an endpoint is judged, with all these addresses.
   *
   * @return whether it is
   */
  synchronized boolean await(
      EndpointId endpoint, Collection<IpAddress> addresses, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!enforced.getOrDefault(endpoint, List.of()).containsAll(addresses)
        || !enforced.containsKey(endpoint)) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }
}
