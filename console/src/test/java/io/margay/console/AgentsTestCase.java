package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.console.access.Authorizer;
import io.margay.console.access.Identity;
import io.margay.console.access.Permissions;
import io.margay.console.http.RequestObserver;
import io.margay.console.http.Route;
import io.margay.console.signin.SignInMethods;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The agents' console over a socket; a token is the name of whoever sends it. */
abstract class AgentsTestCase {
  private static final JsonMapper MAPPER = new JsonMapper();

  /** What each of them may do beside looking: verb and kind. */
  private static final Map<String, Set<String>> RIGHTS =
      Map.of(
          "admin", Set.of("*"),
          "tom", Set.of("list *", "approve approvals"),
          "viewer", Set.of("list *"),
          "auditor", Set.of("list agents", "list approvals"));

  private static final Map<String, List<String>> GROUPS = Map.of("tom", List.of("treasury"));

  @TempDir Path folder;
  final HttpClient client = HttpClient.newHttpClient();
  LivelyAgents agents;
  ConsoleServer console;

  @BeforeEach
  void startConsole() throws Exception {
    agents = new LivelyAgents(folder);
    console =
        ConsoleServer.ofAgents(
            ConsoleConfig.loopback(0),
            agents.sources(),
            signIn(),
            RequestObserver.NONE,
            Instant::now);
    console.start();
  }

  @AfterEach
  void stopConsole() {
    console.close();
    agents.close();
    client.close();
  }

  static SignInMethods signIn() {
    Authorizer authorizer = identity -> new Rights(RIGHTS.getOrDefault(identity.user(), Set.of()));
    return new SignInMethods(
        Permissions.NONE,
        name ->
            Optional.of(Identity.ofCluster(name, GROUPS.getOrDefault(name, List.of())))
                .filter(_ -> RIGHTS.containsKey(name)),
        true,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        authorizer);
  }

  private record Rights(Set<String> words) implements Permissions {
    @Override
    public boolean seesAll() {
      return true;
    }

    @Override
    public Set<String> namespaces() {
      return Set.of();
    }

    @Override
    public boolean edits() {
      return words.contains("*");
    }

    @Override
    public boolean permits(Verb verb, ResourceKey key, String tier) {
      Kind kind = key.kind();
      return words.contains("*")
          || words.contains(verb.word() + " *")
          || words.contains(verb.word() + " " + kind.plural());
    }
  }

  HttpResponse<String> send(String who, String method, String path, String body) throws Exception {
    return Http.send(
        client, console.uri().resolve(path), method, body, "Authorization", "Bearer " + who);
  }

  JsonNode get(String who, String path) throws Exception {
    return ok("GET", path, send(who, "GET", path, ""));
  }

  JsonNode post(String who, String path, String body) throws Exception {
    return ok("POST", path, send(who, "POST", path, body));
  }

  /** Every answer has to be as the document says. */
  private JsonNode ok(String method, String path, HttpResponse<String> response) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode answer = MAPPER.readTree(response.body());
    JsonNode document = OpenApiTest.document();
    JsonNode schema =
        OpenApiTest.schema(
            document, template(method, path), method.toLowerCase(Locale.ROOT), "200");
    assertThat(schema.isObject()).as(path).isTrue();
    assertThat(new JsonSchema(document).problems(schema, answer)).as(path).isEmpty();
    return answer;
  }

  private String template(String method, String path) {
    String plain = path.replaceFirst("\\?.*", "");
    return console.routes().all().stream()
        .filter(route -> route.method().equals(method))
        .map(Route::path)
        .filter(route -> plain.matches(route.replaceAll("\\{[a-z]+}", "[^/]+")))
        // Of two that fit, the one with fewer parameters is meant.
        .min(Comparator.comparingInt(route -> route.split("\\{", -1).length))
        .orElseThrow();
  }

  static JsonNode json(String text) throws Exception {
    return MAPPER.readTree(text);
  }
}
