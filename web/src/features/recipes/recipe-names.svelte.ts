/** What recipes are called, for what knows their ids alone. */
import { getRecipes } from '../../api/client.ts';
import { resource } from '../../state/resource.svelte.ts';
import { station } from '../../state/station.svelte.ts';

/** For a component. Gives the id itself until the name is known, or where there is none. */
export function recipeNames(): (id: string) => string {
  const listed = resource((signal) => {
    void station.recipeChanges;
    return getRecipes(signal);
  });
  return (id) => listed.value?.recipes.find((recipe) => recipe.id === id)?.name ?? id;
}
