package io.margay.cedar.analyze;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.Request;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.conform.RequestReader;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.eval.Authorizer;
import io.margay.cedar.eval.Decision;
import io.margay.cedar.json.JsonFields;
import io.margay.cedar.json.JsonTree;
import io.margay.cedar.json.JsonTrees;
import io.margay.cedar.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of the requests that were recorded a change of policies decides otherwise. Exact. */
public final class RecordedRequests {
  private RecordedRequests() {}

  /** A request that the change decides otherwise. */
  public record Flip(int number, Request request, Decision before, Decision after) {}

  /**
   * Reads recorded requests: a JSON list of objects with {@code principal}, {@code action}, {@code
   * resource} and {@code context}; other fields, such as a time, are passed over.
   *
   * @throws CedarParseException for what is no request
   */
  public static List<Request> read(SourceText source, @Nullable Schema schema) {
    List<Request> requests = new ArrayList<>();
    for (JsonTree tree : JsonFields.list(JsonTrees.read(source))) {
      requests.add(RequestReader.read(JsonFields.object(tree), schema));
    }
    return requests;
  }

  /** The flips, numbered from 1 by their place in the list. */
  public static List<Flip> flips(
      List<Request> requests, Entities entities, PolicySet before, PolicySet after) {
    Authorizer old = Authorizer.of(before);
    Authorizer changed = Authorizer.of(after);
    List<Flip> flips = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      Decision first = old.decide(requests.get(i), entities);
      Decision second = changed.decide(requests.get(i), entities);
      if (first.isAllowed() != second.isAllowed()) {
        flips.add(new Flip(i + 1, requests.get(i), first, second));
      }
    }
    return flips;
  }
}
