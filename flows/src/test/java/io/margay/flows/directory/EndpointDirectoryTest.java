package io.margay.flows.directory;

import static io.margay.flows.Fixtures.hostEndpoint;
import static io.margay.flows.Fixtures.meta;
import static io.margay.flows.Fixtures.node;
import static io.margay.flows.Fixtures.pod;
import static io.margay.flows.Fixtures.removed;
import static io.margay.flows.Fixtures.service;
import static io.margay.flows.Fixtures.tcp;
import static io.margay.flows.Fixtures.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.margay.flows.FlowPeer;
import io.margay.flows.FlowService;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Protocol;
import io.margay.model.resource.GlobalNetworkSet;
import io.margay.model.resource.NetworkSet;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointDirectoryTest {
  private final EndpointDirectory directory = new EndpointDirectory();

  private void given(Resource... resources) {
    Arrays.stream(resources).forEach(resource -> directory.apply(upsert(resource)));
  }

  private FlowPeer dest(String from, String to) {
    return directory.attribute(tcp(from, 40000, to, 80)).dest().peer();
  }

  private static NetworkSet set(String namespace, String name, String... nets) {
    return new NetworkSet(ObjectMeta.of(namespace, name, Map.of("kind", "set")), cidrs(nets));
  }

  private static GlobalNetworkSet globalSet(String name, String... nets) {
    return new GlobalNetworkSet(ObjectMeta.of("", name, Map.of("kind", "set")), cidrs(nets));
  }

  private static List<Cidr> cidrs(String... nets) {
    return Arrays.stream(nets).map(Cidr::parse).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "10.9.9.9, pvt",
    "172.15.255.255, pub",
    "172.16.0.0, pvt",
    "172.31.255.255, pvt",
    "172.32.0.0, pub",
    "192.168.7.7, pvt",
    "8.8.8.8, pub",
  })
  void unknownAddressesArePublicOrPrivate(String address, String name) {
    assertThat(dest("10.0.0.1", address)).isEqualTo(new FlowPeer(name, "-", FlowPeer.Type.NETWORK));
  }

  @ParameterizedTest
  @CsvSource({"2001:db8::1, pub", "fd00::1, pvt", "fe80::1, pub"})
  void unknownSixAddressesToo(String address, String name) {
    assertThat(dest("2001:db8::9", address).name()).isEqualTo(name);
  }

  @Test
  void podsAreNamedByTheirOwnersPrefixAndKeepTheirLabels() {
    given(
        pod("shop", "web-7d9f-x2x4z", Map.of("app", "web"), "10.0.0.2", "fd00::2"),
        pod("shop", "bare", Map.of(), "10.0.0.3"));
    EndpointDirectory.Ends ends = directory.attribute(tcp("10.0.0.3", 1, "10.0.0.2", 80));
    assertThat(ends.source().peer())
        .isEqualTo(new FlowPeer("bare", "shop", FlowPeer.Type.WORKLOAD_ENDPOINT));
    assertThat(ends.dest().peer())
        .isEqualTo(new FlowPeer("web-7d9f-*", "shop", FlowPeer.Type.WORKLOAD_ENDPOINT));
    assertThat(ends.dest().labels())
        .containsExactly(
            "app=web",
            "projectcalico.org/namespace=shop",
            "projectcalico.org/orchestrator=k8s",
            "projectcalico.org/serviceaccount=default");
    assertThat(dest("fd00::9", "fd00::2").name()).isEqualTo("web-7d9f-*");
  }

  @Test
  void finishedAndHostNetworkedPodsHaveNoAddressOfTheirOwn() {
    given(
        pod(meta("shop", "job", "", Map.of()), "Succeeded", false, "10.0.0.4"),
        pod(meta("shop", "agent", "", Map.of()), "Running", true, "192.168.0.1"),
        node("node-1", "192.168.0.1"));
    assertThat(dest("10.0.0.9", "10.0.0.4").name()).isEqualTo("pvt");
    assertThat(dest("10.0.0.9", "192.168.0.1"))
        .isEqualTo(new FlowPeer("node-1", "-", FlowPeer.Type.HOST_ENDPOINT));
  }

  @Test
  void anAddressThatIsGivenOnBelongsToThePodThatIsNotTerminating() {
    Pod leaving =
        pod(
            new ObjectMeta("a", "shop", "", Map.of(), Map.of(), "", "", 0, null, Instant.EPOCH),
            "Running",
            false,
            "10.0.0.5");
    Pod coming = pod("shop", "b", Map.of(), "10.0.0.5");
    given(leaving, coming);
    assertThat(dest("10.0.0.9", "10.0.0.5").name()).isEqualTo("b");
    directory.apply(removed(leaving));
    assertThat(dest("10.0.0.9", "10.0.0.5").name()).isEqualTo("b");
    directory.apply(removed(coming));
    assertThat(dest("10.0.0.9", "10.0.0.5").name()).isEqualTo("pvt");
  }

  @Test
  void hostEndpointsAreNamedByTheirNodeAndWithoutAddressesHaveThoseOfTheNode() {
    given(hostEndpoint("edge", "node-2"), hostEndpoint("fixed", "node-3", "192.168.0.3"));
    assertThat(dest("10.0.0.9", "192.168.0.2").name()).isEqualTo("pvt");
    given(node("node-2", "192.168.0.2"));
    EndpointDirectory.Ends ends = directory.attribute(tcp("192.168.0.3", 1, "192.168.0.2", 80));
    assertThat(ends.source().peer().name()).isEqualTo("node-3");
    assertThat(ends.dest().peer().name()).isEqualTo("node-2");
    assertThat(ends.dest().labels()).containsExactly("role=edge");
    directory.apply(removed(hostEndpoint("edge", "node-2")));
    assertThat(directory.attribute(tcp("192.168.0.3", 1, "192.168.0.2", 80)).dest().labels())
        .containsExactly("zone=a");
    directory.apply(removed(node("node-2")));
    assertThat(dest("10.0.0.9", "192.168.0.2").name()).isEqualTo("pvt");
  }

  @ParameterizedTest
  @CsvSource({
    // The other end's namespace first, even with a shorter prefix.
    "10.0.0.2, 203.0.113.9, partners, shop",
    // Then global sets, even where another namespace has a longer prefix.
    "10.0.0.3, 203.0.113.9, world, -",
    // Then other namespaces, the longest prefix among them.
    "10.0.0.3, 198.51.100.7, narrow, lab",
    "10.0.0.3, 198.51.100.200, wide, shop",
    // Outside of all sets.
    "10.0.0.2, 192.0.2.1, pub, -",
  })
  void networkSetsAreChosenFromTheOtherEndsView(
      String from, String to, String name, String namespace) {
    given(
        pod("shop", "web", Map.of(), "10.0.0.2"),
        pod("other", "tool", Map.of(), "10.0.0.3"),
        set("shop", "partners", "203.0.113.0/24"),
        set("lab", "exact", "203.0.113.9"),
        globalSet("world", "203.0.113.0/28"),
        set("shop", "wide", "198.51.100.0/24"),
        set("lab", "narrow", "198.51.100.0/28"));
    assertThat(dest(from, to).name()).isEqualTo(name);
    assertThat(dest(from, to).namespace()).isEqualTo(namespace);
  }

  @Test
  void equalPrefixesAreDecidedByNameAndSetsCanBeReplacedAndRemoved() {
    given(globalSet("b", "203.0.113.0/24"), globalSet("a", "203.0.113.0/24"));
    assertThat(dest("10.0.0.1", "203.0.113.1").name()).isEqualTo("a");
    given(globalSet("a", "198.51.100.0/24"));
    assertThat(dest("10.0.0.1", "203.0.113.1").name()).isEqualTo("b");
    directory.apply(removed(globalSet("b")));
    assertThat(dest("10.0.0.1", "203.0.113.1").name()).isEqualTo("pub");
    assertThat(dest("10.0.0.1", "198.51.100.1").name()).isEqualTo("a");
  }

  @Test
  void servicesAreFoundByAddressProtocolAndPort() {
    given(service("shop", "web", "10.96.0.10", 80), service("shop", "headless", "None", 80));
    IpAddress address = IpAddress.parse("10.96.0.10");
    assertThat(directory.service(address, Protocol.TCP, 80))
        .isEqualTo(new FlowService("web", "shop", "http", 80));
    assertThat(directory.service(address, Protocol.TCP, 81)).isNull();
    assertThat(directory.service(address, Protocol.UDP, 80)).isNull();
    // The address goes to another service whose addition is told before the old one's removal.
    given(service("shop", "web2", "10.96.0.10", 80));
    directory.apply(removed(service("shop", "web", "10.96.0.10", 80)));
    assertThat(directory.service(address, Protocol.TCP, 80))
        .isEqualTo(new FlowService("web2", "shop", "http", 80));
    directory.apply(removed(service("shop", "web2", "10.96.0.10", 80)));
    assertThat(directory.service(address, Protocol.TCP, 80)).isNull();
  }

  /** The answer depends on the resources that exist, not on how they came about. */
  @Test
  void historyDoesNotMatter() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      List<Resource> wanted = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        wanted.add(pod("ns" + i % 2, "p" + i, Map.of(), "10.0.0." + random.nextInt(4)));
        wanted.add(set("ns" + i % 2, "s" + i, "10.0.0.0/" + (24 + random.nextInt(8))));
        wanted.add(globalSet("g" + i, "10.0.0." + random.nextInt(16) + "/30"));
        wanted.add(hostEndpoint("h" + i, "node-" + i % 3));
      }
      wanted.add(node("node-1", "10.0.0.7"));
      EndpointDirectory straight = new EndpointDirectory();
      wanted.forEach(resource -> straight.apply(upsert(resource)));

      List<Resource> shuffled = new ArrayList<>(wanted);
      Collections.shuffle(shuffled, random);
      EndpointDirectory detour = new EndpointDirectory();
      for (Resource resource : shuffled) {
        detour.apply(upsert(resource));
        if (random.nextBoolean()) {
          detour.apply(removed(resource));
          detour.apply(upsert(resource));
        }
      }
      Pod gone = pod("ns0", "gone", Map.of(), "10.0.0.3");
      detour.apply(upsert(gone));
      detour.apply(removed(gone));

      for (int i = 0; i < 16; i++) {
        var packet = tcp("10.0.0." + i, 1, "10.0.0." + (15 - i), 80);
        assertThat(detour.attribute(packet)).isEqualTo(straight.attribute(packet));
      }
    }
  }
}
