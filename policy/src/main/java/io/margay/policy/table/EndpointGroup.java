package io.margay.policy.table;

import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Stage;
import java.util.Map;

/**
 * Endpoints that are judged alike in one direction and stage.
 *
 * @param usual the id of the port table for every class that {@code tables} does not name
 * @param tables class id to port table id, where it is another one than the usual
 */
public record EndpointGroup(
    Direction direction, Stage stage, int usual, Map<Integer, Integer> tables) {
  public EndpointGroup {
    tables = Map.copyOf(tables);
  }

  public int table(int peerClass) {
    return tables.getOrDefault(peerClass, usual);
  }
}
