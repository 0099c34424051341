package io.margay.network.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.kernel.KernelException;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Pod;
import io.margay.model.resource.ResourceKey;
import io.margay.network.cni.CniException.Code;
import io.margay.network.ipam.AddressAllocator;
import io.margay.network.ipam.AddressUsage;
import io.margay.network.ipam.Assignment;
import io.margay.network.ipam.DamagedBlockException;
import io.margay.network.ipam.Holding;
import io.margay.network.ipam.Machine;
import io.margay.network.ipam.PodAddresses;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attaches pods to a node's network and detaches them, as version 1.1 of the CNI specification
 * wants it. Each call may be repeated; one that fails leaves nothing behind. Thread-safe.
 */
public final class CniPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(CniPlugin.class);

  /** Of interfaces whose configuration says nothing: room for VXLAN over Ethernet. */
  private static final int DEFAULT_MTU = 1450;

  private final String node;
  private final ResourceStore store;
  private final PodLink link;
  private final PodRequests requests;
  private final AddressAllocator allocator;
  private final MachinePods machines;
  private final PolicyGate gate;

  /**
   * @param host where the nodes' ends of the pods' cables are; stays the caller's
   * @param gate a pod is ready when it says so
   */
  public CniPlugin(
      String node,
      ResourceStore store,
      NetworkNamespace host,
      InstantSource clock,
      PolicyGate gate) {
    this.node = node;
    this.store = store;
    this.link = new PodLink(host);
    this.allocator = new AddressAllocator(store, clock, new Random());
    this.machines = new MachinePods(store, allocator);
    this.requests = new PodRequests(node, store, machines, clock);
    this.gate = gate;
  }

  /**
   * Does what a runtime asks for.
   *
   * @return what goes to its standard output; null for nothing
   * @throws CniException if it could not be done
   */
  public @Nullable ObjectNode call(CniCall call) {
    try {
      return switch (call.command()) {
        case ADD -> add(call);
        case DEL -> delete(call);
        case CHECK -> check(call);
        case STATUS -> status();
        case GC -> collect(call);
        case VERSION -> CniVersions.answer();
      };
    } catch (StoreException e) {
      throw new CniException(Code.TRY_AGAIN_LATER, "the cluster's API: " + e.getMessage(), e);
    } catch (KernelException e) {
      throw new CniException(Code.IO_FAILURE, "the kernel: " + e.getMessage(), e);
    } catch (DamagedBlockException e) {
      throw new CniException(Code.NO_ADDRESS, String.valueOf(e.getMessage()), e);
    }
  }

  private ObjectNode add(CniCall call) {
    PodRequests.Wanted wanted = requests.of(call);
    Assignment given =
        wanted.machine() == null
            ? assign(wanted)
            : machines.attach(wanted.machine(), wanted.request(), wanted.wishes());
    if (!given.isComplete()) {
      throw new CniException(
          Code.NO_ADDRESS,
          "no address for pod " + call.podNamespace() + "/" + call.podName(),
          String.join("\n", given.shortages()));
    }
    try {
      Attachment attachment = link.connect(plan(call, wanted, addresses(given)));
      awaitPolicy(call, attachment.addresses());
      return attachment.json(call.config().cniVersion());
    } catch (RuntimeException e) {
      release(call);
      throw e;
    }
  }

  /** What a call that was cut off has got is used, so that a repeated call gets the same. */
  private Assignment assign(PodRequests.Wanted wanted) {
    String handle = wanted.request().handle();
    List<Holding> kept = allocator.holdings(handle);
    if (wanted.isMetBy(kept)) {
      return new Assignment(kept, List.of());
    }
    free(handle);
    return new PodAddresses(allocator).assign(wanted.request(), wanted.wishes());
  }

  /** A pod without its policy is not attached: until then nothing passes its interface. */
  private void awaitPolicy(CniCall call, List<IpAddress> addresses) {
    ResourceKey pod = new ResourceKey(Kind.POD, call.podNamespace(), call.podName());
    Duration patience = call.config().policyPatience();
    boolean inForce = false;
    try {
      inForce = gate.attached(pod, call.containerId(), addresses, patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!inForce && !patience.isZero()) {
      detach(call);
      throw new CniException(
          Code.TRY_AGAIN_LATER,
          pod + ": its policy is not in force after " + patience.toSeconds() + " s",
          "the log of the node process tells why; policy_setup_timeout_seconds sets the time");
    }
  }

  /** The interface goes first: nobody may get an address that a pod still uses. */
  private void detach(CniCall call) {
    link.disconnect(call.netns(), call.ifName());
    gate.detached(call.containerId());
  }

  /** A failure here must not hide the one that led to it. */
  private void release(CniCall call) {
    try {
      giveBack(call);
    } catch (RuntimeException e) {
      LOG.warn("the addresses of {} could not be released; GC will", call.handle(), e);
    }
  }

  private void giveBack(CniCall call) {
    free(call.handle());
    machines.of(call).ifPresent(machine -> machines.detach(machine, call));
  }

  /** Whoever gets the addresses next must not inherit their connections. */
  private void free(String handle) {
    link.forgetConnections(allocator.holdings(handle).stream().map(Holding::address).toList());
    allocator.releaseHandle(handle);
  }

  private static List<IpAddress> addresses(Assignment given) {
    return given.holdings().stream().map(Holding::address).toList();
  }

  private static PodLink.Plan plan(
      CniCall call, PodRequests.Wanted wanted, List<IpAddress> addresses) {
    int mtu = call.config().mtu() == 0 ? DEFAULT_MTU : call.config().mtu();
    return new PodLink.Plan(
        wanted.pod().hostInterface(),
        call.ifName(),
        call.netns(),
        mtu,
        wanted.mac(),
        addresses,
        wanted.machine() == null);
  }

  private @Nullable ObjectNode delete(CniCall call) {
    detach(call);
    giveBack(call);
    return null;
  }

  private @Nullable ObjectNode check(CniCall call) {
    JsonNode previous = call.config().previous();
    if (previous == null) {
      throw new CniException(Code.INVALID_CONFIGURATION, "prevResult: missing; CHECK needs it");
    }
    List<IpAddress> expected = new ArrayList<>();
    for (JsonNode ip : previous.path("ips")) {
      try {
        expected.add(Cidr.parse(ip.path("address").asText()).address());
      } catch (IllegalArgumentException e) {
        throw new CniException(
            Code.INVALID_CONFIGURATION, "prevResult.ips: " + ip + ": " + e.getMessage(), e);
      }
    }
    Optional<Machine> machine = machines.of(call);
    String handle = machine.map(Machine::handle).orElse(call.handle());
    Set<IpAddress> held =
        Set.copyOf(allocator.holdings(handle).stream().map(Holding::address).toList());
    List<String> missing = new ArrayList<>();
    for (IpAddress address : expected) {
      if (!held.contains(address)) {
        missing.add("address " + address + " is not allocated to the container");
      }
    }
    String hostName = Pod.hostInterface(call.podNamespace(), call.podName());
    missing.addAll(
        link.missing(
            new PodLink.Plan(
                hostName, call.ifName(), call.netns(), 0, null, expected, machine.isEmpty())));
    if (!missing.isEmpty()) {
      throw new CniException(
          Code.CHECK_FAILED, "the container is not attached as it was", String.join("\n", missing));
    }
    return null;
  }

  private @Nullable ObjectNode status() {
    AddressUsage usage;
    try {
      usage = AddressUsage.of(store);
    } catch (StoreException e) {
      throw new CniException(
          Code.NOT_AVAILABLE, "the cluster's API cannot be read: " + e.getMessage(), e);
    }
    if (usage.pools().isEmpty()) {
      throw new CniException(Code.NOT_AVAILABLE, "there is no pool of addresses; make an IPPool");
    }
    return null;
  }

  /** Releases what containers of this node and network have that do not exist any more. */
  private @Nullable ObjectNode collect(CniCall call) {
    Set<String> valid = call.config().valid();
    if (valid == null) {
      throw new CniException(
          Code.INVALID_CONFIGURATION, "cni.dev/valid-attachments: missing; GC needs it");
    }
    String prefix = call.config().name() + ".";
    List<String> failures = new ArrayList<>();
    for (String handle : handlesOfNode(prefix)) {
      if (!valid.contains(handle.substring(prefix.length()))) {
        try {
          gate.detached(handle.substring(prefix.length()));
          free(handle);
        } catch (RuntimeException e) {
          failures.add(handle + ": " + e.getMessage());
        }
      }
    }
    if (!failures.isEmpty()) {
      throw new CniException(
          Code.INTERNAL, "not all could be released", String.join("\n", failures));
    }
    return null;
  }

  /** A machine's handle is no container's, and its addresses outlive containers. */
  private Set<String> handlesOfNode(String prefix) {
    return Set.copyOf(
        AddressUsage.of(store)
            .allocations()
            .filter(held -> held.isHeld() && held.handle().startsWith(prefix))
            .filter(held -> node.equals(held.active().get("node")))
            .filter(held -> !held.handle().startsWith(prefix + "vmi."))
            .map(held -> held.handle())
            .toList());
  }
}
