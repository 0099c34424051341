package io.margay.app.cli.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A preview as a JUnit report, which pipelines show: what turns and is not expected failed, and so
 * did what is expected and does not turn; what is unknown was skipped.
 */
final class PreviewJunit {
  private final List<Case> cases = new ArrayList<>();

  /** What became of a test. */
  private enum Result {
    PASSED,
    FAILED,
    SKIPPED
  }

  private record Case(String group, String name, Result result, String message) {}

  private PreviewJunit() {}

  static String of(JsonNode report) {
    PreviewJunit junit = new PreviewJunit();
    report.at("/flows/items").forEach(junit::addFlow);
    report.at("/endpoints/items").forEach(junit::addEndpoints);
    report
        .path("missed")
        .forEach(missed ->
            junit.cases.add(
                new Case("expected", missed.asText(), Result.FAILED, "nothing of it happens")));
    if (junit.cases.isEmpty()) {
      junit.cases.add(new Case("endpoints", "no verdict turns", Result.PASSED, ""));
    }
    return junit.write();
  }

  private void addFlow(JsonNode item) {
    String name =
        "%s: %s -> %s %s/%s"
            .formatted(
                item.path("change").asText(),
                item.path("source").asText(),
                item.path("dest").asText(),
                item.path("protocol").asText(),
                item.path("port").asText());
    cases.add(
        item.has("missing")
            ? new Case("flows", name, Result.SKIPPED, "depends on " + item.path("missing").asText())
            : turned("flows", name, item, item.path("connections").asText() + " connections"));
  }

  private void addEndpoints(JsonNode item) {
    String name =
        "%s: %s -> %s %s"
            .formatted(
                item.path("change").asText(),
                names(item.path("from")),
                names(item.path("to")),
                item.path("traffic").asText());
    cases.add(turned("endpoints", name, item, item.path("pairs").asText() + " pairs"));
  }

  private static Case turned(String group, String name, JsonNode item, String howMany) {
    boolean intended = item.path("intended").asBoolean();
    return new Case(group, name, intended ? Result.PASSED : Result.FAILED, howMany);
  }

  private static String names(JsonNode places) {
    List<String> names = new ArrayList<>();
    places.forEach(place -> names.add(place.asText()));
    return String.join(", ", names);
  }

  private String write() {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument();
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "margay policy preview");
      xml.writeAttribute("tests", Integer.toString(cases.size()));
      xml.writeAttribute("failures", count(Result.FAILED));
      xml.writeAttribute("skipped", count(Result.SKIPPED));
      for (Case test : cases) {
        write(test, xml);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
    return text + "\n";
  }

  private String count(Result result) {
    return Long.toString(cases.stream().filter(test -> test.result() == result).count());
  }

  private static void write(Case test, XMLStreamWriter xml) throws XMLStreamException {
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", "preview." + test.group());
    xml.writeAttribute("name", test.name());
    switch (test.result()) {
      case PASSED -> {}
      case FAILED -> writeMessage("failure", test.message(), xml);
      case SKIPPED -> writeMessage("skipped", test.message(), xml);
    }
    xml.writeEndElement();
  }

  private static void writeMessage(String element, String message, XMLStreamWriter xml)
      throws XMLStreamException {
    xml.writeEmptyElement(element);
    xml.writeAttribute("message", message);
  }
}
