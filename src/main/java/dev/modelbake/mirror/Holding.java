package dev.modelbake.mirror;

import dev.modelbake.mirror.MirrorIndex.MirrorFile;
import dev.modelbake.model.Batch;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.Candidate.Form;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.Unpacking;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One download that a mirror is to hold for a model.
 *
 * @param path unique in the model
 * @param file as it is fetched
 */
record Holding(String model, String path, PlannedFile file) {
  /** Every download of a plan, a file's parts one by one; what needs no download is left out. */
  static List<Holding> of(Plan plan) {
    List<Holding> all = new ArrayList<>();
    Map<String, Integer> uses = new HashMap<>();
    for (Batch batch : Batch.of(plan.files())) {
      PlannedFile file = batch.files().get(0);
      String path = download(file);
      if (file.origin() instanceof Origin.Parts parts) {
        int number = 1;
        for (Origin.Part part : parts.parts()) {
          String name = path + ".part" + number++;
          all.add(new Holding(file.model(), unique(uses, file.model(), name), file.part(part)));
        }
      } else if (file.origin() instanceof Origin.Download) {
        all.add(new Holding(file.model(), unique(uses, file.model(), path), file));
      }
    }
    return all;
  }

  /** What may be stored for it: the download, or what is unpacked from it. */
  List<Descriptor> pins() {
    List<Descriptor> pins = new ArrayList<>();
    file.pin().ifPresent(pins::add);
    if (file.unpacking() instanceof Unpacking.Stream stream) {
      stream.output().ifPresent(pins::add);
    }
    return pins;
  }

  /** The entry of the index for what came. */
  MirrorFile entry(Descriptor content, Candidate from) {
    Descriptor plain = Descriptor.of(content.digest(), content.size().orElseThrow());
    String name = from.form() == Form.UNPACKED ? own(file) : path;
    return new MirrorFile(name, plain, source());
  }

  /** The origin, whichever place gave the bytes this time. */
  private Optional<String> source() {
    return file.candidates().stream()
        .filter(candidate -> candidate.role() == Candidate.Role.ORIGIN)
        .map(Candidate::url)
        .filter(url -> !url.scheme().equals("file"))
        .map(SourceUrl::toString)
        .findFirst();
  }

  /** The path of the file as it is placed. */
  private static String own(PlannedFile file) {
    String path = file.name().substring(Math.min(file.name().length(), file.model().length() + 1));
    return path.replaceAll("^/+|/+$", "");
  }

  /** The name of the download: what it is unpacked from has another ending. */
  private static String download(PlannedFile file) {
    String path = own(file);
    String name =
        file.candidates().stream()
            .filter(candidate -> candidate.role() == Candidate.Role.ORIGIN)
            .map(candidate -> candidate.url().fileName())
            .filter(one -> !one.isEmpty() && one.matches("[A-Za-z0-9][A-Za-z0-9._+-]*"))
            .findFirst()
            .orElse("download");
    if (file.unpacking() instanceof Unpacking.Stream stream) {
      return path + "." + stream.compression().name().toLowerCase(Locale.ROOT);
    }
    if (file.unpacking() instanceof Unpacking.Tree) {
      boolean named = path.equals(name) || path.endsWith("/" + name);
      return path.isEmpty() || named ? (path.isEmpty() ? name : path) : path + "/" + name;
    }
    return path.isEmpty() ? name : path;
  }

  private static String unique(Map<String, Integer> uses, String model, String path) {
    int use = uses.merge(model + "/" + path, 1, Integer::sum);
    return use == 1 ? path : path + "-" + use;
  }
}
