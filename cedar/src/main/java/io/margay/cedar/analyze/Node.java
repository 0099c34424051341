package io.margay.cedar.analyze;

import java.util.List;

/**
 * A condition in one request environment, with everything but its logic hidden in atoms: tests that
 * may turn out true, false or in error.
 */
sealed interface Node {
  Node TRUE = new Constant(true);
  Node FALSE = new Constant(false);

  record Constant(boolean value) implements Node {}

  /** The test with this number. */
  record Atom(int index) implements Node {}

  record Not(Node operand) implements Node {}

  record And(List<Node> operands) implements Node {}

  record Or(List<Node> operands) implements Node {}

  record If(Node test, Node then, Node otherwise) implements Node {}

  /** What a condition is, as far as its atoms are known. */
  enum Truth {
    TRUE,
    FALSE,
    ERROR,
    OPEN
  }

  /** Evaluates from the left and stops early, as Cedar does. */
  static Truth evaluate(Node node, Truth[] atoms) {
    return switch (node) {
      case Constant(boolean value) -> value ? Truth.TRUE : Truth.FALSE;
      case Atom(int index) -> atoms[index];
      case Not(Node operand) ->
          switch (evaluate(operand, atoms)) {
            case TRUE -> Truth.FALSE;
            case FALSE -> Truth.TRUE;
            case ERROR -> Truth.ERROR;
            case OPEN -> Truth.OPEN;
          };
      case And(List<Node> operands) -> chain(operands, atoms, Truth.TRUE);
      case Or(List<Node> operands) -> chain(operands, atoms, Truth.FALSE);
      case If(Node test, Node then, Node otherwise) ->
          switch (evaluate(test, atoms)) {
            case TRUE -> evaluate(then, atoms);
            case FALSE -> evaluate(otherwise, atoms);
            case ERROR -> Truth.ERROR;
            case OPEN -> {
              Truth one = evaluate(then, atoms);
              // Not even two equal branches tell, since the test may be in error.
              yield one == Truth.ERROR && evaluate(otherwise, atoms) == Truth.ERROR
                  ? Truth.ERROR
                  : Truth.OPEN;
            }
          };
    };
  }

  /** Goes on while operands are {@code neutral}; the first other one is the result. */
  private static Truth chain(List<Node> operands, Truth[] atoms, Truth neutral) {
    for (Node operand : operands) {
      Truth truth = evaluate(operand, atoms);
      if (truth != neutral) {
        return truth;
      }
    }
    return neutral;
  }
}
