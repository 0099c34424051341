package io.margay.network.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.margay.kernel.route.MacAddress;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.network.cni.CniCall.Command;
import io.margay.network.cni.CniException.Code;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What runtimes say, and how they are answered. */
class CniCallTest {
  private static final String CONFIG =
      """
      {"cniVersion": "1.1.0", "name": "k8s-pod-network", "type": "margay", "mtu": 1400,
       "ipam": {"type": "calico-ipam", "assign_ipv4": "true", "assign_ipv6": true,
                "ipv4_pools": ["10.0.0.0/16"], "ipv6_pools": ["six"]}}
      """;

  private static Map<String, String> environment(String... changes) {
    Map<String, String> environment = new HashMap<>();
    environment.put("CNI_COMMAND", "ADD");
    environment.put("CNI_CONTAINERID", "abc123");
    environment.put("CNI_NETNS", "/run/netns/x");
    environment.put("CNI_IFNAME", "eth0");
    environment.put("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAMESPACE=prod;K8S_POD_NAME=web-0");
    for (int i = 0; i < changes.length; i += 2) {
      environment.put(changes[i], changes[i + 1]);
    }
    return environment;
  }

  private static CniException refusal(Map<String, String> environment, String config) {
    return catchThrowableOfType(CniException.class, () -> CniCall.read(environment, config));
  }

  @Test
  void readsWhatARuntimeSays() {
    CniCall call = CniCall.read(environment(), CONFIG);
    assertThat(call.command()).isEqualTo(Command.ADD);
    assertThat(call.podNamespace()).isEqualTo("prod");
    assertThat(call.podName()).isEqualTo("web-0");
    assertThat(call.handle()).isEqualTo("k8s-pod-network.abc123");
    assertThat(call.config().mtu()).isEqualTo(1400);
    assertThat(call.config().addresses().families())
        .containsExactlyInAnyOrder(IpFamily.IPV4, IpFamily.IPV6);
    assertThat(call.config().addresses().pools())
        .containsEntry(IpFamily.IPV4, Set.of("10.0.0.0/16"))
        .containsEntry(IpFamily.IPV6, Set.of("six"));
  }

  @Test
  void givesIpv4OnlyWhereNothingIsSaid() {
    CniCall call = CniCall.read(environment(), "{\"cniVersion\": \"0.3.1\", \"name\": \"net\"}");
    assertThat(call.config().addresses().families()).containsExactly(IpFamily.IPV4);
    assertThat(call.config().mtu()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "CNI_COMMAND, add, CNI_COMMAND",
    "CNI_CONTAINERID, '', CNI_CONTAINERID",
    "CNI_CONTAINERID, ../x, CNI_CONTAINERID",
    "CNI_NETNS, '', CNI_NETNS",
    "CNI_IFNAME, a/b, CNI_IFNAME",
    "CNI_IFNAME, sixteen-letters1, CNI_IFNAME",
    "CNI_ARGS, K8S_POD_NAME, CNI_ARGS",
  })
  void namesTheVariableThatIsWrong(String variable, String value, String named) {
    CniException refusal = refusal(environment(variable, value), CONFIG);
    assertThat(refusal.code()).isEqualTo(Code.INVALID_ENVIRONMENT);
    assertThat(refusal).hasMessageStartingWith(named);
  }

  @Test
  void aDelNeedsNoNamespaceAndOthersNoContainer() {
    assertThat(CniCall.read(environment("CNI_COMMAND", "DEL", "CNI_NETNS", ""), CONFIG).netns())
        .isEmpty();
    assertThat(CniCall.read(Map.of("CNI_COMMAND", "STATUS"), CONFIG).command())
        .isEqualTo(Command.STATUS);
    assertThat(CniCall.read(Map.of("CNI_COMMAND", "VERSION"), "").command())
        .isEqualTo(Command.VERSION);
  }

  @Test
  void onlyPodsOfKubernetesCanBeAttached() {
    CniCall call = CniCall.read(environment("CNI_ARGS", ""), CONFIG);
    CniException refusal = catchThrowableOfType(CniException.class, call::podName);
    assertThat(refusal).hasMessageContaining("K8S_POD_NAME");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{| UNREADABLE | not JSON",
        "[]| UNREADABLE | not a JSON object",
        "{\"name\": \"n\"}| INCOMPATIBLE_VERSION | cniVersion is \"\": one of 0.3.0",
        "{\"cniVersion\": \"9.0.0\", \"name\": \"n\"}| INCOMPATIBLE_VERSION | \"9.0.0\"",
        "{\"cniVersion\": \"1.1.0\"}| INVALID_CONFIGURATION | name: missing",
        "{\"cniVersion\": \"1.1.0\", \"name\": \"n\", \"mtu\": 90}| INVALID_CONFIGURATION | mtu: 90",
        "{\"cniVersion\": \"1.1.0\", \"name\": \"n\", \"ipam\": {\"type\": \"host-local\"}}"
            + "| INVALID_CONFIGURATION | host-local",
        "{\"cniVersion\": \"1.1.0\", \"name\": \"n\", \"ipam\": {\"assign_ipv4\": \"maybe\"}}"
            + "| INVALID_CONFIGURATION | ipam.assign_ipv4",
        "{\"cniVersion\": \"1.1.0\", \"name\": \"n\", \"ipam\": {\"assign_ipv4\": false}}"
            + "| INVALID_CONFIGURATION | neither assign_ipv4 nor assign_ipv6",
        "{\"cniVersion\": \"1.1.0\", \"name\": \"n\", \"ipam\": {\"ipv4_pools\": \"p\"}}"
            + "| INVALID_CONFIGURATION | ipam.ipv4_pools",
        "{\"cniVersion\": \"1.1.0\", \"name\": \"n\", \"cni.dev/valid-attachments\": [{}]}"
            + "| INVALID_CONFIGURATION | has no containerID",
      })
  void namesWhatIsWrongWithTheConfiguration(String config, Code code, String message) {
    CniException refusal = refusal(environment(), config);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal).hasMessageContaining(message);
  }

  @Test
  void writesErrorsAsTheSpecificationDoes() {
    CniException failure = new CniException(Code.TRY_AGAIN_LATER, "later", "why");
    assertThat(failure.json("1.0.0").toString())
        .isEqualTo("{\"cniVersion\":\"1.0.0\",\"code\":11,\"msg\":\"later\",\"details\":\"why\"}");
    assertThat(CniVersions.answer().toString())
        .isEqualTo(
            "{\"cniVersion\":\"1.1.0\",\"supportedVersions\":"
                + "[\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}");
  }

  private static final Attachment ATTACHMENT =
      new Attachment(
          "cali0123456789a",
          "eth0",
          MacAddress.parse("02:00:00:00:00:01"),
          "/run/netns/x",
          1450,
          List.of(IpAddress.parse("10.0.0.7"), IpAddress.parse("fd00::7")));

  @Test
  void writesTheResultOfEachVersion() {
    assertThat(ATTACHMENT.json("1.1.0").toString())
        .isEqualTo(
            "{\"cniVersion\":\"1.1.0\",\"interfaces\":["
                + "{\"name\":\"cali0123456789a\",\"mac\":\"ee:ee:ee:ee:ee:ee\",\"mtu\":1450},"
                + "{\"name\":\"eth0\",\"mac\":\"02:00:00:00:00:01\",\"sandbox\":\"/run/netns/x\","
                + "\"mtu\":1450}],\"ips\":["
                + "{\"address\":\"10.0.0.7/32\",\"interface\":1,\"gateway\":\"169.254.1.1\"},"
                + "{\"address\":\"fd00::7/128\",\"interface\":1,"
                + "\"gateway\":\"fe80::ecee:eeff:feee:eeee\"}],\"routes\":["
                + "{\"dst\":\"0.0.0.0/0\",\"gw\":\"169.254.1.1\"},"
                + "{\"dst\":\"::/0\",\"gw\":\"fe80::ecee:eeff:feee:eeee\"}],\"dns\":{}}");
    assertThat(ATTACHMENT.json("0.4.0").at("/ips/1/version").asText()).isEqualTo("6");
    assertThat(ATTACHMENT.json("1.0.0").at("/interfaces/0/mtu").isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "2\n{}", "{}\n", "\n{}"})
  void anAnswerThatIsNoneIsAFailure(String text) {
    assertThat(catchThrowableOfType(CniException.class, () -> CniWire.readAnswer(text)).code())
        .isEqualTo(Code.IO_FAILURE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "CNI_COMMAND=ADD", "CNI_COMMAND=ADD\n", "CNI_COMMAND\n\n{}", "{}"})
  void aQuestionThatIsNoneIsUnreadable(String text) {
    assertThat(catchThrowableOfType(CniException.class, () -> CniWire.readQuestion(text)).code())
        .isEqualTo(Code.UNREADABLE);
  }

  @Test
  void aQuestionComesAcrossWhole() {
    Map<String, String> environment =
        Map.of("CNI_ARGS", "A=b;C=d", "CNI_NETNS", "", "PATH", "/bin");
    String input = "{\n\n\"name\": \"x=y\"}";
    CniWire.Question read = CniWire.readQuestion(CniWire.question(environment, input));
    assertThat(read.environment()).isEqualTo(Map.of("CNI_ARGS", "A=b;C=d", "CNI_NETNS", ""));
    assertThat(read.input()).isEqualTo(input);
    assertThat(
            catchThrowableOfType(
                    CniException.class, () -> CniWire.question(Map.of("CNI_ARGS", "a\nb"), ""))
                .code())
        .isEqualTo(Code.INVALID_ENVIRONMENT);
  }

  @Test
  void theSettingsOfTheHostsSideAreCalicos() {
    assertThat(PodLink.hostSettings("cali1", List.of(IpFamily.IPV4)))
        .isEqualTo(
            Map.of(
                "net/ipv4/conf/cali1/route_localnet", "1",
                "net/ipv4/neigh/cali1/proxy_delay", "0",
                "net/ipv4/conf/cali1/proxy_arp", "1",
                "net/ipv4/conf/cali1/forwarding", "1"));
    assertThat(PodLink.hostSettings("cali1", List.of(IpFamily.IPV6)))
        .isEqualTo(
            Map.of(
                "net/ipv6/conf/cali1/disable_ipv6", "0",
                "net/ipv6/conf/cali1/accept_dad", "0",
                "net/ipv6/conf/cali1/proxy_ndp", "1",
                "net/ipv6/conf/cali1/forwarding", "1",
                "net/ipv6/conf/cali1/accept_ra", "0"));
  }
}
