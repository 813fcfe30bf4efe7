import { ChevronsUpDown } from 'lucide-react';
import { useSession } from '@/api/session';
import { useAll } from '@/api/hooks';
import { Menu, MenuChoice, MenuChoices, MenuLabel } from '@/components/ui/menu';
import { pathIn } from '@/lib/place';

/** Which environment, and which tenant in it; another one is another address. */
export function PlaceMenu() {
  const { environment, environments, tenant, multiTenancy } = useSession();
  return (
    <div className="flex flex-col gap-1.5">
      <Menu align="start" trigger={<Trigger label="Environment" value={environment.name} />}>
        <MenuLabel>Environment</MenuLabel>
        <MenuChoices value={environment.key} onValueChange={(key) => location.assign(pathIn(key, null))}>
          {environments.map((each) => (
            <MenuChoice key={each.id} value={each.key}>
              {each.name}
            </MenuChoice>
          ))}
        </MenuChoices>
      </Menu>
      {multiTenancy && <TenantMenu environment={environment.key} tenant={tenant} />}
    </div>
  );
}

function TenantMenu({ environment, tenant }: { environment: string; tenant: string | null }) {
  const tenants = useAll('/tenants');
  const name = tenants.data?.find((each) => each.customerId === tenant)?.name ?? tenant;
  return (
    <Menu align="start" trigger={<Trigger label="Tenant" value={name ?? 'Choose a tenant'} />}>
      <MenuLabel>Tenant</MenuLabel>
      <MenuChoices value={tenant ?? ''} onValueChange={(key) => location.assign(pathIn(environment, key))}>
        {tenants.data?.map((each) => (
          <MenuChoice key={each.id} value={each.customerId}>
            {each.name}
          </MenuChoice>
        ))}
      </MenuChoices>
    </Menu>
  );
}

function Trigger({ label, value, ...rest }: { label: string; value: string }) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={`${label}: ${value}`}
      className="flex h-9 items-center gap-2 rounded-md border bg-surface px-2.5 text-sm font-medium hover:border-line-strong"
    >
      <span className="truncate">{value}</span>
      <ChevronsUpDown className="ml-auto size-3.5 shrink-0 text-soft" />
    </button>
  );
}
