package io.margay.model.manifest;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.BlockAffinity;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.IpReservation;
import io.margay.model.resource.IpamConfiguration;
import io.margay.model.resource.IpamHandle;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.selector.Selector;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the objects by which addresses are given. */
final class AddressDecoder {
  private static final int MAX_COOLDOWN_SECONDS = 1_200;

  private AddressDecoder() {}

  static IpPool pool(ObjectMeta metadata, Field spec) {
    Cidr cidr = spec.at("cidr").required(Cidr::parseStrict).orElse(null);
    IpFamily family = cidr == null ? IpFamily.IPV4 : cidr.family();
    Integer blockSize = spec.at("blockSize").integer(0, family.bits());
    Set<IpPool.Use> uses = EnumSet.noneOf(IpPool.Use.class);
    uses.addAll(spec.at("allowedUses").items(use -> use.parsed(AddressDecoder::use)));
    if (!spec.at("allowedUses").present()) {
      uses = EnumSet.of(IpPool.Use.WORKLOAD, IpPool.Use.TUNNEL);
    }
    return new IpPool(
        metadata,
        new IpPool.Spec(
            cidr,
            blockSize == null ? IpPool.defaultBlockSize(family) : blockSize,
            spec.at("disabled").flag(),
            selector(spec.at("nodeSelector")),
            selector(spec.at("namespaceSelector")),
            uses,
            spec.at("assignmentMode").text().equals("Manual"),
            new IpPool.Travel(
                encapsulation(spec.at("vxlanMode")),
                encapsulation(spec.at("ipipMode")),
                spec.at("natOutgoing").flag(),
                spec.at("disableBGPExport").flag())));
  }

  private static IpPool.@Nullable Encapsulation encapsulation(Field mode) {
    return mode.present()
        ? mode.<IpPool.Encapsulation>parsed(AddressDecoder::encapsulation).orElse(null)
        : IpPool.Encapsulation.NEVER;
  }

  private static IpPool.Encapsulation encapsulation(String text) {
    return switch (text) {
      case "", "Never" -> IpPool.Encapsulation.NEVER;
      case "Always" -> IpPool.Encapsulation.ALWAYS;
      case "CrossSubnet" -> IpPool.Encapsulation.CROSS_SUBNET;
      default -> throw new IllegalArgumentException("not Never, Always or CrossSubnet");
    };
  }

  private static IpPool.Use use(String text) {
    return switch (text) {
      case "Workload" -> IpPool.Use.WORKLOAD;
      case "Tunnel" -> IpPool.Use.TUNNEL;
      case "LoadBalancer" -> IpPool.Use.LOAD_BALANCER;
      default -> throw new IllegalArgumentException("not Workload, Tunnel or LoadBalancer");
    };
  }

  private static @Nullable Selector selector(Field field) {
    return field.text().isEmpty()
        ? Selector.all()
        : field.<Selector>parsed(Selector::parse).orElse(null);
  }

  static IpReservation reservation(ObjectMeta metadata, Field spec) {
    return new IpReservation(
        metadata, spec.at("reservedCIDRs").items(cidr -> cidr.parsed(Cidr::parse)));
  }

  static IpamConfiguration configuration(ObjectMeta metadata, Field spec) {
    Integer blocks = spec.at("maxBlocksPerHost").integer(0, Integer.MAX_VALUE);
    Integer cooldown = spec.at("ipCooldownSeconds").integer(0, MAX_COOLDOWN_SECONDS);
    Boolean automatic = spec.at("autoAllocateBlocks").optionalFlag();
    return new IpamConfiguration(
        metadata,
        new IpamConfiguration.Spec(
            spec.at("strictAffinity").flag(),
            blocks == null ? 0 : blocks,
            automatic == null || automatic,
            !spec.at("kubeVirtVMAddressPersistence").text().equals("Disabled"),
            Duration.ofSeconds(cooldown == null ? 0 : cooldown)));
  }

  static BlockAffinity affinity(ObjectMeta metadata, Field spec) {
    BlockOwner.Type type =
        spec.at("type").text().equals(BlockOwner.Type.VIRTUAL.text())
            ? BlockOwner.Type.VIRTUAL
            : BlockOwner.Type.HOST;
    return new BlockAffinity(
        metadata,
        new BlockAffinity.Spec(
            new BlockOwner(type, spec.at("node").text()),
            spec.at("cidr").required(Cidr::parseStrict).orElse(null),
            spec.at("state").parsed(AddressDecoder::state).orElse(BlockAffinity.State.CONFIRMED),
            spec.at("deleted").flag()));
  }

  private static BlockAffinity.State state(String text) {
    for (BlockAffinity.State state : BlockAffinity.State.values()) {
      if (state.text().equals(text)) {
        return state;
      }
    }
    if (text.isEmpty()) {
      return BlockAffinity.State.CONFIRMED;
    }
    throw new IllegalArgumentException("not pending, confirmed or pendingDeletion");
  }

  static IpamHandle handle(ObjectMeta metadata, Field spec) {
    Map<Cidr, Integer> blocks = new LinkedHashMap<>();
    Field counts = spec.at("block");
    for (String block : counts.names()) {
      Integer count = counts.at(block).integer(0, Integer.MAX_VALUE);
      try {
        blocks.put(Cidr.parseStrict(block), count == null ? 0 : count);
      } catch (IllegalArgumentException e) {
        counts.problem(String.valueOf(e.getMessage()), "");
      }
    }
    return new IpamHandle(
        metadata,
        new IpamHandle.Spec(spec.at("handleID").text(), blocks, spec.at("deleted").flag()));
  }
}
