package io.margay.app.process;

import io.margay.dataplane.InterfaceTable;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.Link;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteMonitor;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.net.IpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Tells which interfaces a host has and under which addresses, whenever that may have changed: host
 * endpoints may be known by an address only. A host's own addresses are in its local route table.
 */
final class InterfaceWatcher implements AutoCloseable {
  private static final int LOCAL_TABLE = 255;

  /** Changes come in bursts; one look at the end is enough. */
  private static final int SETTLE_MILLIS = 50;

  private final RouteSocket routes;
  private final Consumer<InterfaceTable> listener;
  private final ScheduledExecutorService reader =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("interface-watcher").factory());
  private final AtomicBoolean due = new AtomicBoolean();
  private final RouteMonitor monitor;
  private InterfaceTable told = InterfaceTable.EMPTY;

  /**
   * @param listener called on one thread, with the whole table, when it has changed
   */
  InterfaceWatcher(NetworkNamespace namespace, Consumer<InterfaceTable> listener) {
    this.routes = RouteSocket.open(namespace);
    this.listener = listener;
    this.monitor = RouteMonitor.open(namespace, event -> look());
    look();
  }

  private void look() {
    if (due.compareAndSet(false, true) && !reader.isShutdown()) {
      reader.schedule(this::read, SETTLE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void read() {
    due.set(false);
    Map<Integer, String> names = new HashMap<>();
    Map<String, Set<IpAddress>> addresses = new HashMap<>();
    for (Link link : routes.links()) {
      names.put(link.index(), link.name());
      addresses.put(link.name(), new HashSet<>());
    }
    for (Route route : routes.routes(LOCAL_TABLE)) {
      Set<IpAddress> own = addresses.get(names.getOrDefault(route.device(), ""));
      if (route.type() == Route.Type.LOCAL && own != null) {
        own.add(IpAddress.ofBytes(route.destination().address().getAddress()));
      }
    }
    InterfaceTable table = new InterfaceTable(addresses);
    if (!table.equals(told)) {
      told = table;
      listener.accept(table);
    }
  }

  @Override
  public void close() {
    monitor.close();
    reader.close();
    routes.close();
  }
}
