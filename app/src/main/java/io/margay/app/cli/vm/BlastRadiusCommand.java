package io.margay.app.cli.vm;

import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.TableOrJson;
import io.margay.app.cli.policy.FlowSource;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.console.blast.BlastRadius;
import io.margay.console.blast.BlastRadiusFinder;
import io.margay.console.blast.ExaminedMachine;
import io.margay.console.blast.ListedAddress;
import io.margay.console.cluster.ClusterView;
import io.margay.flows.Flow;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.VirtualMachineInstance;
import io.margay.network.ipam.AddressAllocator;
import io.margay.network.ipam.Holding;
import io.margay.network.ipam.Machine;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay vm blast-radius}. */
@Command(
    name = "blast-radius",
    description = {
      "Shows what depends on a virtual machine's address: who talks to it, what names its address,"
          + " what must change if the address changed, and who must be told.",
      "Owners come from the annotation or label margay.io/owner or owner of a resource or its"
          + " namespace.",
      "Lists are CSV files with the columns name, address and, if known, owner."
    },
    mixinStandardHelpOptions = true)
final class BlastRadiusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreOptions source;
  @Mixin private FlowSource flowSource;

  @Parameters(paramLabel = "NAME", description = "The machine's name.")
  private String name = "";

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "The machine's namespace (default: ${DEFAULT-VALUE}).")
  private String namespace = "default";

  @Option(
      names = "--firewall",
      paramLabel = "FILE",
      description = "Addresses in firewalls outside the cluster, as CSV.")
  private @Nullable Path firewall;

  @Option(names = "--dns", paramLabel = "FILE", description = "Addresses in name servers, as CSV.")
  private @Nullable Path dns;

  @Option(
      names = "--monitoring",
      paramLabel = "FILE",
      description = "Addresses that a monitoring system watches, as CSV.")
  private @Nullable Path monitoring;

  @Option(
      names = {"-o", "--output"},
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TableOrJson output = TableOrJson.table;

  @Override
  public Integer call() throws IOException {
    List<ListedAddress> lists = new ArrayList<>();
    addList(lists, "firewall", firewall);
    addList(lists, "dns", dns);
    addList(lists, "monitoring", monitoring);
    List<Flow> flows = flowSource.read(source).orElse(null);
    BlastRadius radius;
    try (ResourceStore store = source.open()) {
      ClusterView cluster = ClusterView.of(store);
      radius = BlastRadiusFinder.find(cluster, machine(store, cluster), flows, lists);
    }
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case table -> BlastRadiusText.print(radius, out);
      case json -> out.println(BlastRadiusJson.of(radius).toPrettyString());
    }
    out.flush();
    return 0;
  }

  private static void addList(List<ListedAddress> lists, String kind, @Nullable Path file)
      throws IOException {
    if (file != null) {
      lists.addAll(AddressListFile.read(kind, file));
    }
  }

  /** Its addresses are those that IPAM keeps for it, and those of the pod that it runs in. */
  private ExaminedMachine machine(ResourceStore store, ClusterView cluster) {
    VirtualMachineInstance instance =
        store
            .get(new ResourceKey(Kind.VIRTUAL_MACHINE_INSTANCE, namespace, name))
            .map(object -> ResourceDecoder.decode(object).resource())
            .filter(VirtualMachineInstance.class::isInstance)
            .map(VirtualMachineInstance.class::cast)
            .orElse(null);
    if (instance == null
        && store.get(new ResourceKey(Kind.VIRTUAL_MACHINE, namespace, name)).isEmpty()) {
      throw new CommandFailure(
          "there is no VirtualMachine or VirtualMachineInstance "
              + namespace
              + "/"
              + name
              + "; name the namespace with -n, and see margay get virtualmachines -A");
    }
    SortedSet<IpAddress> addresses = new TreeSet<>();
    new AddressAllocator(store, InstantSource.system(), new Random())
        .holdings(Machine.of(namespace, name).handle()).stream()
            .map(Holding::address)
            .forEach(addresses::add);
    String node = instance == null ? "" : instance.node();
    ExaminedMachine machine = new ExaminedMachine(namespace, name, List.of(), node);
    machine.pods(cluster).forEach(pod -> addresses.addAll(pod.addresses()));
    if (addresses.isEmpty()) {
      throw new CommandFailure(
          "VirtualMachine " + namespace + "/" + name + " has no address yet: start it first");
    }
    return new ExaminedMachine(namespace, name, List.copyOf(addresses), node);
  }
}
