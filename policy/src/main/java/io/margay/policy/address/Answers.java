package io.margay.policy.address;

import io.margay.model.net.Cidr;
import io.margay.model.resource.EndpointSlice;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.model.selector.Selector;
import io.margay.policy.address.AddressSpace.Settlement;
import io.margay.policy.address.PeerItem.NamedPort;
import io.margay.policy.address.Question.BehindService;
import io.margay.policy.address.Question.InNets;
import io.margay.policy.address.Question.OnNode;
import io.margay.policy.address.Question.Selected;
import io.margay.policy.address.Question.ServicePorts;
import io.margay.policy.label.LabelIndex;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the address space answering the questions that rules ask now. Nothing is computed for
 * questions that nobody asks.
 */
public final class Answers {
  private final FactTable facts = new FactTable();
  private final AddressSpace space = new AddressSpace(facts);
  private final LabelIndex<ResourceKey> peers = new LabelIndex<>(this::peerMatchChanged);
  private final LabelIndex<ResourceKey> nodes = new LabelIndex<>(this::nodeMatchChanged);
  private final Map<ResourceKey, Known> known = new HashMap<>();
  private final Set<ResourceKey> dirty = new LinkedHashSet<>();
  private final ServiceAnswers services = new ServiceAnswers(facts, space);

  /** Which named ports are asked for among the owners that a selector matches. */
  private final Map<Selector, Map<String, Question.NamedPort>> namedPorts = new HashMap<>();

  private static final class Known {
    PeerItem item;
    final Set<Selector> matched = new HashSet<>();
    List<Cidr> answeredFor = List.of();

    Known(PeerItem item) {
      this.item = item;
    }
  }

  /** Starts to answer a question; as many calls of {@link #forget} end it. */
  public int ask(Question question) {
    int base = facts.acquire(question);
    if (facts.users(question) > 1) {
      return base;
    }
    switch (question) {
      case Selected(Selector selector) -> watch(selector);
      case Question.NamedPort named -> {
        namedPorts.computeIfAbsent(named.owners(), s -> new HashMap<>()).put(named.port(), named);
        watch(named.owners());
      }
      case OnNode(Selector selector) -> {
        nodes.acquire(selector);
        dirty.addAll(nodes.matches(selector));
      }
      case InNets(List<Cidr> nets) -> {
        FactSet yes = FactSet.of(IntArrayList.of(base));
        nets.forEach(net -> space.put(net, question, yes));
      }
      case BehindService service -> services.ask(service);
      case ServicePorts service -> services.ask(service);
    }
    return base;
  }

  /** Ends what {@link #ask} began. */
  public void forget(Question question) {
    if (facts.users(question) == 1) {
      switch (question) {
        case Selected(Selector selector) -> unwatch(selector);
        case Question.NamedPort named -> {
          Map<String, Question.NamedPort> asked = namedPorts.get(named.owners());
          if (asked != null && asked.remove(named.port()) != null && asked.isEmpty()) {
            namedPorts.remove(named.owners());
          }
          unwatch(named.owners());
        }
        case OnNode(Selector selector) -> {
          dirty.addAll(nodes.matches(selector));
          nodes.release(selector);
        }
        case InNets(List<Cidr> nets) -> nets.forEach(net -> space.remove(net, question));
        case BehindService service -> services.forget(service);
        case ServicePorts service -> services.forget(service);
      }
    }
    facts.release(question);
  }

  /** Adds or changes an endpoint or network set. */
  public void putPeer(PeerItem item) {
    put(item, peers);
  }

  /** Adds or changes a node. */
  public void putNode(PeerItem item) {
    put(item, nodes);
  }

  public void removePeer(ResourceKey key) {
    remove(key, peers);
  }

  public void removeNode(ResourceKey key) {
    remove(key, nodes);
  }

  public void putSlice(EndpointSlice slice) {
    services.put(slice);
  }

  public void removeSlice(ResourceKey key) {
    services.remove(key);
  }

  /** Whether any slice belongs to the service. */
  public boolean knowsService(String namespace, String name) {
    return services.knows(namespace, name);
  }

  /** Brings all classes up to date. */
  public Settlement settle() {
    for (ResourceKey key : dirty) {
      Known item = known.get(key);
      if (item != null) {
        answer(key, item);
      }
    }
    dirty.clear();
    return space.settle();
  }

  public AddressSpace space() {
    return space;
  }

  public FactTable facts() {
    return facts;
  }

  private void watch(Selector selector) {
    peers.acquire(selector);
    // Who already matched for another question's sake was not announced again.
    dirty.addAll(peers.matches(selector));
  }

  private void unwatch(Selector selector) {
    dirty.addAll(peers.matches(selector));
    peers.release(selector);
  }

  private void put(PeerItem item, LabelIndex<ResourceKey> index) {
    Known before = known.get(item.key());
    if (before == null) {
      known.put(item.key(), new Known(item));
    } else {
      before.item = item;
    }
    dirty.add(item.key());
    index.put(item.key(), item.labels());
  }

  private void remove(ResourceKey key, LabelIndex<ResourceKey> index) {
    index.remove(key);
    Known gone = known.remove(key);
    if (gone != null) {
      gone.answeredFor.forEach(prefix -> space.remove(prefix, key));
    }
  }

  private void peerMatchChanged(Selector selector, ResourceKey key, boolean matches) {
    Known item = known.get(key);
    if (item != null) {
      if (matches) {
        item.matched.add(selector);
      } else {
        item.matched.remove(selector);
      }
      dirty.add(key);
    }
  }

  private void nodeMatchChanged(Selector selector, ResourceKey key, boolean matches) {
    peerMatchChanged(selector, key, matches);
  }

  private void answer(ResourceKey key, Known known) {
    FactSet truth = truth(known);
    List<Cidr> prefixes = truth.isEmpty() ? List.of() : known.item.prefixes();
    for (Cidr old : known.answeredFor) {
      if (!prefixes.contains(old)) {
        space.remove(old, key);
      }
    }
    for (Cidr prefix : prefixes) {
      space.put(prefix, key, truth);
    }
    known.answeredFor = prefixes;
  }

  private FactSet truth(Known known) {
    IntArrayList truth = new IntArrayList(known.matched.size());
    boolean node = known.item.key().kind() == Kind.NODE;
    for (Selector selector : known.matched) {
      Question selected = node ? new OnNode(selector) : new Selected(selector);
      if (facts.users(selected) > 0) {
        truth.add(facts.base(selected));
      }
      Map<String, Question.NamedPort> asked = node ? null : namedPorts.get(selector);
      if (asked != null) {
        for (NamedPort port : known.item.ports()) {
          Question.NamedPort question = asked.get(port.name());
          if (question != null) {
            truth.add(facts.base(question));
            truth.add(facts.portFact(question, port.protocol(), port.port()));
          }
        }
      }
    }
    return FactSet.of(truth);
  }
}
