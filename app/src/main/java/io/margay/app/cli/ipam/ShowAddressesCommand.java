package io.margay.app.cli.ipam;

import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.app.cli.resources.TextTable;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.IpamBlock.Allocation;
import io.margay.network.ipam.AddressUsage;
import io.margay.network.ipam.AddressUsage.BlockUse;
import io.margay.network.ipam.AddressUsage.PoolUse;
import io.margay.store.ResourceStore;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay ipam show}. */
@Command(
    name = "show",
    description = {
      "Shows how many addresses of each pool are in use, or who has one address.",
      "Addresses that cool down after their release count as in use."
    },
    mixinStandardHelpOptions = true)
final class ShowAddressesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreOptions source;

  @Option(names = "--show-blocks", description = "Each pool's blocks, too, and whose they are.")
  private boolean blocks;

  @Option(
      names = "--ip",
      paramLabel = "ADDRESS",
      converter = AddressConverter.class,
      description = "Who has this address.")
  private @Nullable IpAddress address;

  @Override
  public Integer call() {
    AddressUsage usage;
    try (ResourceStore store = source.open()) {
      usage = AddressUsage.of(store);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (address == null) {
      table(usage).print(out);
    } else {
      printHolder(out, usage, address);
    }
    out.flush();
    if (!usage.problems().isEmpty()) {
      throw new CommandFailure(
          "these cannot be read, and what they hold is missing above:\n"
              + String.join("\n", usage.problems()));
    }
    return 0;
  }

  private TextTable table(AddressUsage usage) {
    TextTable table =
        new TextTable(
            List.of("GROUPING", "NAME", "CIDR", "TOTAL", "IN USE", "FREE", "OWNER", "BORROWED"));
    for (PoolUse pool : usage.pools()) {
      table.add(row("IP Pool", pool.name(), pool.cidr(), pool.total(), pool.used(), "", ""));
      if (blocks) {
        pool.blocks().forEach(block -> table.add(row("Block", block)));
      }
    }
    // They are always shown: nobody gives their addresses any more.
    usage.strays().forEach(block -> table.add(row("Block in no pool", block)));
    return table;
  }

  private static List<String> row(String grouping, BlockUse block) {
    String owner = block.owner() == null ? "nobody" : block.owner().toString();
    String borrowed = Long.toString(block.borrowed());
    return row(grouping, "", block.cidr(), block.total(), block.used(), owner, borrowed);
  }

  private static List<String> row(
      String grouping,
      String name,
      Cidr cidr,
      BigInteger total,
      long used,
      String owner,
      String borrowed) {
    return List.of(
        grouping,
        name,
        cidr.toString(),
        total.toString(),
        Long.toString(used),
        total.subtract(BigInteger.valueOf(used)).toString(),
        owner,
        borrowed);
  }

  private static void printHolder(PrintWriter out, AddressUsage usage, IpAddress address) {
    Allocation held = usage.holder(address).orElse(null);
    if (held == null) {
      out.println(address + " is not assigned");
      return;
    }
    out.println(
        held.isHeld()
            ? address + " is in use"
            : address + " was released at " + held.released() + " and cools down");
    if (!held.handle().isEmpty()) {
      out.println("handle: " + held.handle());
    }
    new TreeMap<>(held.active()).forEach((name, value) -> out.println(name + ": " + value));
    new TreeMap<>(held.alternate())
        .forEach((name, value) -> out.println("alternate " + name + ": " + value));
  }
}
