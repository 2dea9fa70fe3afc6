package dev.modelbake.unpack;

import dev.modelbake.digest.TreeDigest;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.Member;
import dev.modelbake.model.Unpacking.TreePin;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import dev.modelbake.store.Partial;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Takes the files of one archive out of it. */
final class TreeUnpacker {
  private static final int BUFFER = 256 << 10;

  private final Unpacking.Tree tree;
  private final Blob parent;
  private final BlobStore staging;
  private final Refusal refusal;
  private final Budget budget;
  private final Names names;
  private final Globs include;
  private final byte[] buffer = new byte[BUFFER];
  private final Map<String, Descriptor> wanted = new HashMap<>();
  private final Map<String, Blob> files = new LinkedHashMap<>();
  private final TreeSet<String> directories = new TreeSet<>();
  private final List<Unpacked.Link> links = new ArrayList<>();

  TreeUnpacker(Unpacking.Tree tree, Blob parent, BlobStore staging, Budget budget) {
    this.tree = tree;
    this.parent = parent;
    this.staging = staging;
    this.refusal = budget.refusal();
    this.budget = budget;
    this.names = new Names(refusal, budget);
    this.include = new Globs(tree.include());
    if (tree.pin() instanceof TreePin.Members members) {
      for (Member member : members.members()) {
        wanted.put(member.path(), member.descriptor());
      }
    }
  }

  /** Takes everything out; after a failure nothing of it is left. */
  Unpacked unpack(Archive archive) throws IOException {
    try {
      return takeAll(archive);
    } catch (BakeException | IOException e) {
      for (Blob blob : files.values()) {
        staging.discard(blob);
      }
      throw e;
    }
  }

  private Unpacked takeAll(Archive archive) throws IOException {
    for (Archive.Entry entry = archive.next(); entry != null; entry = archive.next()) {
      budget.entry();
      take(entry);
    }
    requireAll();
    return new Unpacked(
        files.entrySet().stream().map(f -> new Unpacked.Entry(f.getKey(), f.getValue())).toList(),
        List.copyOf(directories),
        links);
  }

  private void take(Archive.Entry entry) throws IOException {
    String whole = names.clean(entry.name());
    if (entry.type() == Archive.Type.LINK && tree.links() == Unpacking.Links.REFUSED) {
      throw refusal.member(
          entry.name(), "is a link; `links: internal` allows those that stay inside");
    }
    String path = strip(whole);
    if (entry.type() == Archive.Type.DIRECTORY) {
      takeDirectory(path);
      return;
    }
    if (whole.isEmpty()) {
      throw refusal.member(entry.name(), "has no name");
    }
    if (path.isEmpty() || !isWanted(path)) {
      drain(entry.content());
      return;
    }
    names.takeFile(path);
    implyDirectories(path);
    if (entry.type() == Archive.Type.LINK) {
      links.add(new Unpacked.Link(path, internal(entry, path)));
    } else {
      files.put(path, extract(entry.content(), path));
    }
  }

  private void takeDirectory(String path) {
    if (!path.isEmpty()) {
      names.takeDirectory(path);
      if (wanted.isEmpty() && include.take(path)) {
        directories.add(path);
        implyDirectories(path);
      }
    }
  }

  /** From the deepest up: above one that is known, all are. Each counts as an entry. */
  private void implyDirectories(String path) {
    int slash = path.lastIndexOf('/');
    while (slash > 0 && directories.add(path.substring(0, slash))) {
      budget.entry();
      slash = path.lastIndexOf('/', slash - 1);
    }
  }

  private boolean isWanted(String path) {
    return wanted.isEmpty() ? include.take(path) : wanted.containsKey(path);
  }

  private String strip(String path) {
    String rest = path;
    for (int i = 0; i < tree.strip(); i++) {
      int slash = rest.indexOf('/');
      if (slash < 0) {
        return "";
      }
      rest = rest.substring(slash + 1);
    }
    return rest;
  }

  /** Bytes of an entry that is left out count too: a bomb may hide in them. */
  private void drain(InputStream content) throws IOException {
    for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
      budget.bytes(n);
    }
  }

  private Blob extract(InputStream content, String path) throws IOException {
    Descriptor pin = wanted.get(path);
    Partial partial = pin == null ? staging.begin(parent) : staging.begin(pin);
    try {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        budget.bytes(n);
        partial.write(ByteBuffer.wrap(buffer, 0, n));
      }
      return pin == null
          ? staging.derive(parent, partial)
          : staging.admit(partial, pin, refusal.file() + " member " + path);
    } catch (BakeException | IOException e) {
      partial.discard();
      throw e;
    }
  }

  /** A link whose target, resolved by name alone, stays inside the tree. */
  private String internal(Archive.Entry entry, String path) {
    String target = names.target(entry.name(), entry.linkTarget());
    int depth = (int) path.chars().filter(c -> c == '/').count();
    for (String segment : target.split("/", -1)) {
      depth += segment.equals("..") ? -1 : segment.isEmpty() || segment.equals(".") ? 0 : 1;
      if (depth < 0) {
        throw refusal.member(entry.name(), "is a link out of the tree");
      }
    }
    return target;
  }

  /** {@code ..} after another link would not lead where the names say. */
  private void requireNoLinkOnTheWay(Unpacked.Link link, Set<String> linkPaths) {
    Deque<String> way = new ArrayDeque<>(List.of(link.path().split("/", -1)));
    way.removeLast();
    String[] segments = link.target().split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      if (segments[i].equals("..")) {
        way.removeLast();
      } else if (!segments[i].isEmpty() && !segments[i].equals(".")) {
        way.addLast(segments[i]);
      }
      if (i < segments.length - 1 && linkPaths.contains(String.join("/", way))) {
        throw refusal.member(link.path(), "is a link through another link");
      }
    }
  }

  private void requireAll() {
    Set<String> linkPaths = links.stream().map(Unpacked.Link::path).collect(Collectors.toSet());
    links.forEach(link -> requireNoLinkOnTheWay(link, linkPaths));
    if (files.isEmpty() && links.isEmpty()) {
      throw refusal.damaged("no file is left in it after strip and include");
    }
    for (String path : wanted.keySet()) {
      if (!files.containsKey(path)) {
        throw refusal.damaged("the member " + path + " is not in it");
      }
    }
    if (tree.pin() instanceof TreePin.Whole pin) {
      requireWhole(pin);
    }
  }

  private void requireWhole(TreePin.Whole pin) {
    Map<String, Digest> digests = new HashMap<>();
    long size = 0;
    for (Map.Entry<String, Blob> file : files.entrySet()) {
      digests.put(file.getKey(), file.getValue().descriptor().digest());
      size += file.getValue().size();
    }
    Digest actual = TreeDigest.of(digests);
    if (!actual.equals(pin.digest())
        || (pin.files().isPresent() && pin.files().getAsInt() != files.size())
        || (pin.size().isPresent() && pin.size().getAsLong() != size)) {
      throw refusal.damaged(
          "expected the tree %s%s%s, actual %s of %d files, %d bytes"
              .formatted(
                  pin.digest().hex(),
                  pin.files().isPresent() ? " of " + pin.files().getAsInt() + " files" : "",
                  pin.size().isPresent() ? ", " + pin.size().getAsLong() + " bytes" : "",
                  actual.hex(),
                  files.size(),
                  size));
    }
  }
}
