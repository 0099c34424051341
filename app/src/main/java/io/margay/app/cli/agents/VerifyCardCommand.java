package io.margay.app.cli.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.JWKSet;
import io.margay.agents.gateway.a2a.AgentCards;
import io.margay.agents.gateway.http.StrictJson;
import io.margay.agents.identity.token.RefusedTokenException;
import io.margay.agents.identity.token.VerificationKeys;
import io.margay.app.cli.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay agents verify-card}. */
@Command(
    name = "verify-card",
    description = {
      "Tells whether an agent's card is signed by one of the given keys, as A2A 1.0 signs cards.",
      "Exit codes: 0 it is, 2 it is not, 1 it could not be read."
    },
    mixinStandardHelpOptions = true)
final class VerifyCardCommand implements Callable<Integer> {
  private static final int NOT_SIGNED = 2;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "The card, as /.well-known/agent-card.json gave it.")
  private Path card = Path.of("");

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      required = true,
      description =
          "Keys that are trusted: a JWK set, such as a gateway's"
              + " /.well-known/agent-card-keys.json.")
  private Path keys = Path.of("");

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      JsonNode read = StrictJson.read(Files.readAllBytes(card));
      AgentCards.verify(read, VerificationKeys.of(JWKSet.parse(Files.readString(keys))));
      out.println("the card of " + read.path("name").asText() + " is signed by one of the keys");
      return 0;
    } catch (RefusedTokenException e) {
      out.println(e.reason());
      return NOT_SIGNED;
    } catch (StrictJson.NotJson e) {
      throw new CommandFailure(card + ": " + e.reason(), e);
    } catch (ParseException e) {
      throw new CommandFailure(keys + ": not a JWK set", e);
    } catch (IOException e) {
      throw new CommandFailure("cannot be read: " + e.getMessage(), e);
    } finally {
      out.flush();
    }
  }
}
