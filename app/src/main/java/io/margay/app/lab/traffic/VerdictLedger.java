package io.margay.app.lab.traffic;

import io.margay.app.process.TableObserver;
import io.margay.dataplane.simulated.SimulatedDataplane;
import io.margay.policy.table.EndpointId;
import io.margay.policy.table.TableDelta;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/**
 * Knows what every node's engine says about a call, also while that changes: a call is held against
 * all tables that were valid at some moment between its begin and its end.
 */
public final class VerdictLedger {
  private static final int EPHEMERAL_PORT = 40_000;

  private final Map<String, NodeTables> nodes = new HashMap<>();
  private final Set<Expectation> open = new HashSet<>();

  /** The observer of one node. */
  public synchronized TableObserver node(String name) {
    return nodes.computeIfAbsent(name, NodeTables::new);
  }

  /** Begins to follow a call. */
  synchronized Expectation begin(Conversation conversation, int sourcePort) {
    Expectation expectation = new Expectation(conversation, sourcePort);
    nodes.values().forEach(tables -> tables.tell(expectation));
    open.add(expectation);
    return expectation;
  }

  /** Ends it, and says whether what the socket saw agrees with the verdicts. */
  synchronized boolean end(Expectation expectation, Reach reach) {
    open.remove(expectation);
    return expectation.agrees(reach);
  }

  /** Whether the tables of this moment forbid a call, whichever backend it meets. */
  public synchronized boolean forbids(Conversation conversation) {
    Expectation expectation = new Expectation(conversation, EPHEMERAL_PORT);
    nodes.values().forEach(tables -> tables.tell(expectation));
    return expectation.hopeless();
  }

  /** Whether a node enforces verdicts about these endpoints, so that they may begin to talk. */
  public synchronized boolean enforces(String node, Set<EndpointId> endpoints) {
    NodeTables tables = nodes.get(node);
    return tables != null && tables.endpoints.containsAll(endpoints);
  }

  /** Two copies of a node's tables: what is surely enforced, and what is on its way. */
  private final class NodeTables implements TableObserver {
    private final String name;
    private final SimulatedDataplane enforced;
    private final SimulatedDataplane coming;
    private final Set<EndpointId> endpoints = new HashSet<>();
    private final Queue<TableDelta> underWay = new ArrayDeque<>();

    NodeTables(String name) {
      this.name = name;
      this.enforced = copy(name);
      this.coming = copy(name);
    }

    private static SimulatedDataplane copy(String name) {
      return new SimulatedDataplane(
          name, i -> i.startsWith("cali"), event -> {}, Clock.systemUTC());
    }

    void tell(Expectation expectation) {
      expectation.consider(name, enforced);
      if (!underWay.isEmpty()) {
        expectation.consider(name, coming);
      }
    }

    @Override
    public void applying(TableDelta delta) {
      synchronized (VerdictLedger.this) {
        coming.apply(delta);
        underWay.add(delta);
        open.forEach(expectation -> expectation.consider(name, coming));
      }
    }

    @Override
    public void applied() {
      synchronized (VerdictLedger.this) {
        for (TableDelta delta = underWay.poll(); delta != null; delta = underWay.poll()) {
          enforced.apply(delta);
          endpoints.removeAll(delta.endpointsRemoved());
          endpoints.addAll(delta.endpointsSet().keySet());
        }
      }
    }
  }
}
