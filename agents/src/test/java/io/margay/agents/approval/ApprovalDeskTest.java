package io.margay.agents.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpServer;
import io.margay.agents.approval.ApprovalWebhook.Retries;
import io.margay.agents.approval.ApprovalWebhook.Target;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.JsonHash;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Ruling.Hold;
import io.margay.agents.call.User;
import io.margay.agents.call.Verdict;
import io.margay.agents.decide.World;
import io.margay.model.resource.Approval.State;
import io.margay.store.ResourceStore;
import io.margay.store.local.MemoryStore;
import io.margay.store.local.MvStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApprovalDeskTest {
  private static final Approver SUE = new Approver("", "sue", Set.of("security"));
  private static final Approver PAT = new Approver("", "pat", Set.of("security", "platform"));
  private static final Approver OTTO = new Approver("", "otto", Set.of("office"));
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final AgentCall PAY =
      onBehalfOfUna(World.call("analyst", "bank/pay", "{\"amount\": 5, \"to\": \"x\"}"));

  private final AtomicReference<Instant> now = new AtomicReference<>(World.NOW);
  private final InstantSource clock = now::get;
  private final AtomicInteger names = new AtomicInteger();
  private final ResourceStore store = new MemoryStore();
  private ApprovalDesk desk = open(store);

  private ApprovalDesk open(ResourceStore in) {
    return new ApprovalDesk(in, clock, () -> "approval-" + names.incrementAndGet(), 3);
  }

  @AfterEach
  void close() {
    desk.close();
    store.close();
  }

  private static AgentCall onBehalfOfUna(AgentCall call) {
    Caller caller = call.caller();
    User una = new User("https://login.example.org", "una", List.of());
    return new AgentCall(
        call.protocol(),
        call.action(),
        new Caller(caller.workload(), Optional.of(una), caller.chain(), "", List.of()),
        call.target(),
        call.arguments(),
        call.trace(),
        call.at());
  }

  private static Ruling held(int count, String... approvers) {
    return new Ruling(
        Verdict.HOLD,
        "default",
        List.of("pay"),
        "held",
        Optional.of(new Hold(List.of(approvers), count, 300)));
  }

  private String ask(int count, String... approvers) throws ApprovalRefusedException {
    return desk.ask(PAY, "analyst", held(count, approvers)).metadata().name();
  }

  @Test
  void oneApprovalIsForOneCallOnce() throws Exception {
    String name = ask(1, "security");
    assertThat(desk.await(name, Duration.ZERO)).isEqualTo(State.PENDING);

    desk.decide(name, SUE, true, "");

    assertThat(desk.await(name, Duration.ofSeconds(5))).isEqualTo(State.APPROVED);
    assertThat(desk.take(name, PAY).status().state()).isEqualTo(State.USED);
    assertThatThrownBy(() -> desk.take(name, PAY)).hasMessageContaining("used up");
  }

  @Test
  void severalPeopleHaveToApprove() throws Exception {
    String name = ask(2, "security");
    desk.decide(name, SUE, true, "");
    assertThat(desk.await(name, Duration.ZERO)).isEqualTo(State.PENDING);
    assertThatThrownBy(() -> desk.decide(name, SUE, true, ""))
        .hasMessageContaining("decided about this call already");

    desk.decide(name, PAT, true, "");

    assertThat(desk.await(name, Duration.ZERO)).isEqualTo(State.APPROVED);
  }

  @Test
  void oneRefusalIsEnoughAndHasAReason() throws Exception {
    String name = ask(2, "security");
    desk.decide(name, SUE, true, "");
    assertThatThrownBy(() -> desk.decide(name, PAT, false, " ")).hasMessageContaining("reason");

    desk.decide(name, PAT, false, "wrong account");

    assertThat(desk.await(name, Duration.ZERO)).isEqualTo(State.REFUSED);
    assertThatThrownBy(() -> desk.take(name, PAY)).hasMessageContaining("by pat: wrong account");
  }

  @Test
  void neitherTheUserNorTheAgentNorOutsidersApprove() throws Exception {
    String name = ask(1, "security");
    Approver una = new Approver("https://login.example.org", "una", Set.of("security"));
    Approver agent = new Approver("", "analyst", Set.of("security"));

    assertThatThrownBy(() -> desk.decide(name, una, true, ""))
        .hasMessageContaining("somebody else");
    assertThatThrownBy(() -> desk.decide(name, agent, true, "")).hasMessageContaining("own call");
    assertThatThrownBy(() -> desk.decide(name, OTTO, true, ""))
        .hasMessageContaining("none of the groups");
    assertThat(desk.await(name, Duration.ZERO)).isEqualTo(State.PENDING);
  }

  @Test
  void theUserApprovesWhereThePolicySaysSo() throws Exception {
    String name = ask(1, "self");
    desk.decide(name, new Approver("https://login.example.org", "una", Set.of()), true, "");
    assertThat(desk.await(name, Duration.ZERO)).isEqualTo(State.APPROVED);
  }

  @Test
  void otherArgumentsNeedAnotherApproval() throws Exception {
    String name = ask(1, "security");
    desk.decide(name, SUE, true, "");
    AgentCall more =
        onBehalfOfUna(World.call("analyst", "bank/pay", "{\"amount\": 5000, \"to\": \"x\"}"));
    AgentCall other =
        onBehalfOfUna(World.call("mailer", "bank/pay", "{\"amount\": 5, \"to\": \"x\"}"));
    AgentCall reordered =
        onBehalfOfUna(World.call("analyst", "bank/pay", "{\"to\": \"x\", \"amount\": 5}"));

    assertThatThrownBy(() -> desk.take(name, more)).hasMessageContaining("other arguments");
    assertThatThrownBy(() -> desk.take(name, other)).hasMessageContaining("another agent");
    assertThat(desk.take(name, reordered).status().state()).isEqualTo(State.USED);
  }

  @Test
  void timeRunsOutBeforeAndAfterTheApproval() throws Exception {
    String late = ask(1, "security");
    String approved = ask(1, "security");
    desk.decide(approved, SUE, true, "");

    now.set(World.NOW.plusSeconds(300));

    assertThatThrownBy(() -> desk.decide(late, SUE, true, "")).hasMessageContaining("too old");
    assertThatThrownBy(() -> desk.take(approved, PAY)).hasMessageContaining("too old");
  }

  @Test
  void anAgentThatAsksTooMuchIsRefused() throws Exception {
    for (int i = 0; i < 3; i++) {
      ask(1, "security");
    }
    assertThatThrownBy(() -> ask(1, "security"))
        .hasMessageContaining("3 calls of agent analyst wait");
    assertThat(desk.load().open()).isEqualTo(3);
  }

  @Test
  void aRestartLosesNothing(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("objects.mv");
    String name;
    try (MvStore durable = new MvStore(file);
        ApprovalDesk first = open(durable)) {
      name = first.ask(PAY, "analyst", held(1, "security")).metadata().name();
    }
    try (MvStore durable = new MvStore(file);
        ApprovalDesk second = open(durable)) {
      assertThat(second.await(name, Duration.ZERO)).isEqualTo(State.PENDING);
      assertThat(second.list().getFirst().spec().arguments())
          .isEqualTo("{\"amount\":5,\"to\":\"x\"}");
      second.decide(name, SUE, true, "");
      assertThat(second.take(name, PAY).status().state()).isEqualTo(State.USED);
    }
  }

  @Test
  void whatAnotherProcessDecidesWakesTheCall() throws Exception {
    String name = ask(1, "security");
    CompletableFuture<State> waiting =
        CompletableFuture.supplyAsync(() -> {
          try {
            return desk.await(name, Duration.ofSeconds(30));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    try (ApprovalDesk elsewhere = open(store)) {
      elsewhere.decide(name, SUE, true, "");
    }
    assertThat(waiting.get()).isEqualTo(State.APPROVED);
  }

  @Test
  void loadTellsWhoDecidesHowFast() throws Exception {
    String name = ask(1, "security");
    now.set(World.NOW.plusSeconds(40));
    desk.decide(name, SUE, true, "");
    ask(1, "security");
    now.set(World.NOW.plusSeconds(50));

    ApprovalLoad load = desk.load();

    assertThat(load.open()).isEqualTo(1);
    assertThat(load.oldest()).contains(Duration.ofSeconds(10));
    assertThat(load.median()).contains(Duration.ofSeconds(40));
    assertThat(load.decisions()).containsExactly(java.util.Map.entry("sue", 1));
  }

  @Test
  void whatIsDecidedGoesAfterAWhile() throws Exception {
    String name = ask(1, "security");
    desk.decide(name, SUE, false, "no");
    now.set(World.NOW.plusSeconds(100));
    String open = ask(1, "security");

    assertThat(desk.prune(Duration.ofSeconds(50))).isEqualTo(1);
    await().until(() -> desk.list().size() == 1);
    assertThat(desk.list().getFirst().metadata().name()).isEqualTo(open);
  }

  @Test
  void theWebhookGetsASignedMessageAndRedirectsAreNotFollowed() throws Exception {
    String secret = "0123456789abcdef";
    Retries retries = new Retries(2, Duration.ofMillis(1));
    AtomicReference<String> signature = new AtomicReference<>("");
    AtomicReference<String> signed = new AtomicReference<>("");
    AtomicInteger elsewhere = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/hook",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          signed.set(exchange.getRequestHeaders().getFirst("X-Margay-Time") + "." + body);
          signature.set(exchange.getRequestHeaders().getFirst("X-Margay-Signature"));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.createContext(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(307, -1);
          exchange.close();
        });
    server.createContext("/elsewhere", exchange -> elsewhere.incrementAndGet());
    server.start();
    String base = "http://localhost:" + server.getAddress().getPort();
    Target there = new Target(URI.create(base + "/hook"), secret);
    Target away = new Target(URI.create(base + "/moved"), secret);
    try (ApprovalWebhook hook = new ApprovalWebhook(there, retries, clock);
        ApprovalWebhook moved = new ApprovalWebhook(away, retries, clock)) {
      hook.follow(desk);
      moved.follow(desk);
      String name = ask(1, "security");
      await().atMost(PATIENCE).until(() -> hook.sent() == 1);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      String expected =
          HexFormat.of().formatHex(mac.doFinal(signed.get().getBytes(StandardCharsets.UTF_8)));
      assertThat(signature.get()).isEqualTo("sha256=" + expected);
      assertThat(signed.get()).contains(TextNode.valueOf(name).toString());
      await().atMost(PATIENCE).until(() -> moved.lost() == 1);
      assertThat(elsewhere.get()).isZero();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void badWebhooksAreRefused() throws IOException {
    assertThatThrownBy(() -> new Target(URI.create("file:///etc/passwd"), "0123456789abcdef"))
        .hasMessageContaining("not an http");
    assertThatThrownBy(() -> new Target(URI.create("https://chat.example.org/"), "short"))
        .hasMessageContaining("16 bytes");
  }

  @Test
  void aReceiverThatFailsIsTriedAgainAndGetsTheHashWhereThePolicySaysSo() throws Exception {
    Queue<JsonNode> told = new ConcurrentLinkedQueue<>();
    AtomicInteger tries = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/hook",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          boolean fails = tries.incrementAndGet() < 3;
          if (!fails) {
            told.add(new JsonMapper().readTree(body));
          }
          exchange.sendResponseHeaders(fails ? 503 : 204, -1);
          exchange.close();
        });
    server.start();
    URI url = URI.create("http://localhost:" + server.getAddress().getPort() + "/hook");
    ask(1, "security");
    Ruling secret =
        new Ruling(
            Verdict.HOLD,
            "default",
            List.of("pay"),
            "held",
            Optional.of(new Hold(List.of("security"), 1, 300, true)));
    try (ApprovalWebhook hook =
        new ApprovalWebhook(
            new Target(url, "0123456789abcdef"), new Retries(3, Duration.ofMillis(1)), clock)) {
      // What waited before the webhook was there is told as well.
      hook.follow(desk);
      await().atMost(PATIENCE).until(() -> hook.sent() == 1);
      assertThat(tries).hasValue(3);
      assertThat(told.remove().path("arguments").asText()).isEqualTo("{\"amount\":5,\"to\":\"x\"}");

      String name = desk.ask(PAY, "analyst", secret).metadata().name();
      await().atMost(PATIENCE).until(() -> hook.sent() == 2);
      JsonNode hashed = told.remove();
      assertThat(hashed.path("approval").asText()).isEqualTo(name);
      assertThat(hashed.has("arguments")).isFalse();
      assertThat(hashed.path("argumentsHash").asText()).isEqualTo(JsonHash.of(PAY.arguments()));

      now.set(World.NOW.plusSeconds(200));
      String late = ask(1, "security");
      await().atMost(PATIENCE).until(() -> hook.sent() == 3);
      now.set(World.NOW.plusSeconds(900));
      hook.accept(desk.find(late).orElseThrow());
      await().atMost(PATIENCE).until(() -> hook.lost() == 1);
      assertThat(told).hasSize(1);
    } finally {
      server.stop(0);
    }
  }
}
