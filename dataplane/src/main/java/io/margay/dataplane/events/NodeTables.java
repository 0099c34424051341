package io.margay.dataplane.events;

import io.margay.dataplane.InterfaceTable;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Stage;
import io.margay.policy.table.DecisionTables;
import io.margay.policy.table.EndpointId.EndpointType;
import io.margay.policy.table.JudgedEndpoint;
import io.margay.policy.table.TableDelta;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The decision tables as the readers of kernel events need them. Written by the thread that applies
 * deltas, read by the threads that receive events.
 */
public final class NodeTables {
  /** Outcomes that were removed and may still be in flight or on connections. */
  private static final int MAX_REMEMBERED = 1 << 16;

  private final DecisionTables tables = new DecisionTables();
  private final Map<IpAddress, JudgedEndpoint> workloads = new HashMap<>();
  private final Map<Integer, Outcome> removed =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Outcome> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };
  private InterfaceTable interfaces = InterfaceTable.EMPTY;

  public synchronized void apply(TableDelta delta) {
    delta.outcomesRemoved().forEach(id -> remember(id, tables.outcomes().get(id)));
    delta.endpointsRemoved().forEach(id -> forget(tables.endpoints().get(id)));
    delta.endpointsSet().keySet().forEach(id -> forget(tables.endpoints().get(id)));
    tables.apply(delta);
    for (JudgedEndpoint endpoint : delta.endpointsSet().values()) {
      if (endpoint.id().type() == EndpointType.WORKLOAD) {
        endpoint.addresses().forEach(address -> workloads.put(address, endpoint));
      }
    }
  }

  private void remember(int id, @Nullable Outcome outcome) {
    if (outcome != null) {
      removed.put(id, outcome);
    }
  }

  private void forget(@Nullable JudgedEndpoint endpoint) {
    if (endpoint != null) {
      endpoint.addresses().forEach(address -> workloads.remove(address, endpoint));
    }
  }

  public synchronized void interfaces(InterfaceTable table) {
    interfaces = table;
  }

  /** The outcome of an id, also of one that was removed not long ago. */
  synchronized @Nullable Outcome outcome(int id) {
    Outcome outcome = tables.outcomes().get(id);
    return outcome != null ? outcome : removed.get(id);
  }

  synchronized boolean isWorkload(IpAddress address) {
    return workloads.containsKey(address);
  }

  synchronized boolean isHost(IpAddress address) {
    return interfaces.owns(address);
  }

  /** What the tables say now about a packet that a local pod sends. */
  synchronized @Nullable Outcome egressOutcome(Packet packet) {
    JudgedEndpoint source = workloads.get(packet.source());
    return source == null ? null : tables.decide(source, Direction.EGRESS, Stage.NORMAL, packet);
  }
}
