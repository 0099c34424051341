package io.margay.app.agents.redteam;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.identity.spiffe.SpiffeAuthority;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.app.agents.lab.AgentCompany;
import io.margay.app.agents.lab.GatewayClient;
import io.margay.app.agents.lab.GatewayClient.Task;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Attacks with tokens and certificates that are stolen, forged, or asked to allow more. */
final class StolenIdentities {
  private static final JsonMapper JSON = new JsonMapper();
  private static final ObjectNode NO_ARGUMENTS = JsonNodeFactory.instance.objectNode();

  private final Path scratch;

  /**
   * @param scratch for the keys of authorities that nobody trusts
   */
  StolenIdentities(Path scratch) {
    this.scratch = scratch;
  }

  List<Attack> attacks() {
    return List.of(
        Attack.of(
            "token-replay",
            "tokens that came to an agent and to a tool server are used by another agent",
            StolenIdentities::replay),
        Attack.of(
            "forged-user",
            "a user's token is changed, unsigned, or made up",
            StolenIdentities::forgedUser),
        Attack.of(
            "scope-widening",
            "the token endpoint is asked for more than the user's token allows",
            StolenIdentities::widen),
        Attack.of(
            "forged-svid",
            "an authority that nobody trusts makes a certificate for an agent of the company",
            company -> impostor(company, AgentCompany.TRUST_DOMAIN)),
        Attack.of(
            "foreign-domain",
            "an agent of another trust domain calls under the name of one of the company's",
            company -> impostor(company, "evil.example")));
  }

  private static Optional<String> replay(AgentCompany company)
      throws IOException, InterruptedException {
    Task task = company.taskOfUser();
    company.agent("researcher").gateway().sendMessage(task, "analyst", "nothing");
    company.agent("analyst").gateway().callTool(task, "ledger", "read", NO_ARGUMENTS);
    long before = company.arrived("ledger/read");
    GatewayClient thief = company.agent("intern").gateway();
    for (String stolen :
        List.of(company.agent("analyst").lastToken(), company.toolServer("ledger").lastToken())) {
      if (!stolen.isEmpty()) {
        thief.callTool(Task.begin(stolen), "ledger", "read", NO_ARGUMENTS);
      }
    }
    return RogueModels.reached(company, "ledger/read", before);
  }

  private static Optional<String> forgedUser(AgentCompany company)
      throws IOException, InterruptedException {
    String[] parts = company.tokenOfUser(Set.of("tools")).split("\\.", -1);
    String other = decode(parts[1]).replace(AgentCompany.USER, AgentCompany.APPROVER);
    List<String> forged = new ArrayList<>();
    forged.add(parts[0] + "." + encode(other) + "." + parts[2]);
    forged.add(encode("{\"alg\":\"none\",\"typ\":\"at+jwt\"}") + "." + parts[1] + ".");
    forged.add(encode("{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}") + "." + parts[1] + ".AAAA");
    for (String token : forged) {
      company
          .agent("analyst")
          .gateway()
          .callTool(Task.begin(token), "ledger", "read", NO_ARGUMENTS);
    }
    return RogueModels.reached(company, "ledger/read", 0);
  }

  private static Optional<String> widen(AgentCompany company)
      throws IOException, InterruptedException {
    String token = company.tokenOfUser(Set.of("tools"));
    Map<String, String> form =
        Map.of(
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token",
            token,
            "subject_token_type",
            "urn:ietf:params:oauth:token-type:access_token",
            "audience",
            AgentCompany.GATEWAY,
            "scope",
            "tools agents");
    JsonNode answer = company.agent("planner").gateway().exchange(urlEncoded(form));
    String issued = answer.path("access_token").asText();
    if (issued.isEmpty()) {
      return Optional.empty();
    }
    String scope = JSON.readTree(decode(issued.split("\\.", -1)[1])).path("scope").asText();
    return scope.contains("agents")
        ? Optional.of("a token with the scope " + scope + " was issued")
        : Optional.empty();
  }

  private static String urlEncoded(Map<String, String> form) {
    return String.join(
        "&",
        form.entrySet().stream()
            .map(field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .toList());
  }

  private Optional<String> impostor(AgentCompany company, String domain)
      throws IOException, InterruptedException {
    SpiffeAuthority authority =
        SpiffeAuthority.open(
            scratch.resolve(domain), SpiffeAuthority.Config.of(domain), InstantSource.system());
    IssuedX509 forged = authority.issueX509(SpiffeId.of("spiffe://" + domain + "/agent/analyst"));
    try (GatewayClient impostor = company.client(() -> forged)) {
      impostor.callTool(company.taskOfUser(), "ledger", "read", NO_ARGUMENTS);
    } catch (IOException e) {
      // The handshake fails, as it should; what counts is what the servers saw.
    }
    return RogueModels.reached(company, "ledger/read", 0);
  }

  private static String decode(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
