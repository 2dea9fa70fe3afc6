package dev.modelbake.cli;

import dev.modelbake.catalog.Catalog;
import java.util.Iterator;

/** The models of the catalog, for a shell that completes their names. */
final class CatalogNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return new Catalog().names().iterator();
  }
}
