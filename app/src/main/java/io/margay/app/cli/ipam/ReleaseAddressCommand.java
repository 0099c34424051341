package io.margay.app.cli.ipam;

import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.IpamBlock.Allocation;
import io.margay.network.ipam.AddressAllocator;
import io.margay.network.ipam.AddressUsage;
import io.margay.network.ipam.Holding;
import io.margay.store.ResourceStore;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay ipam release}. */
@Command(
    name = "release",
    description = {
      "Releases an address by hand, such as one whose pod is gone.",
      "Make sure that nobody uses it: two workloads would have the same address."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReleaseAddressCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreOptions source;

  @Option(
      names = "--ip",
      paramLabel = "ADDRESS",
      required = true,
      converter = AddressConverter.class,
      description = "The address.")
  private IpAddress address;

  @Override
  public Integer call() {
    try (ResourceStore store = source.open()) {
      Allocation held =
          AddressUsage.of(store)
              .holder(address)
              .filter(Allocation::isHeld)
              .orElseThrow(() -> new CommandFailure(address + " is not assigned"));
      // With the number of the allocation that was just read: never one that came after it.
      Holding holding = new Holding(address, held.handle(), held.sequence());
      if (!new AddressAllocator(store, InstantSource.system(), new Random()).release(holding)) {
        throw new CommandFailure(
            address + " was not released: it is in no pool's block, or changed hands just now");
      }
      PrintWriter out = spec.commandLine().getOut();
      String handle = held.handle().isEmpty() ? "" : ", which " + held.handle() + " had";
      out.println("released " + address + handle);
      out.flush();
    }
    return 0;
  }
}
