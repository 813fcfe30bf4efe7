import { useForm } from 'react-hook-form';
import { call, type Schemas } from '@/api/client';
import { useChange, useGet } from '@/api/hooks';
import { useCan, useSession } from '@/api/session';
import { Code, Loaded, PageHeader } from '@/components/blocks';
import { BadgeField } from '@/components/badge-field';
import { Form, FormActions, needed, NumberField, SelectField, TextField } from '@/components/form';
import { toast } from '@/components/toast';
import { Card, CardHead } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/small';

type Settings = Schemas['AdminSettings'];
type Font = Settings['branding']['font'];

interface Values {
  appName: string;
  appUrl: string;
  brandColor: string;
  font: Font;
  logo: string;
  appIcon: string;
  controlRatio: number | null;
  userActivationWindow: number | null;
  aggregationPeriod: Settings['aggregationPeriod'];
}

const FONTS: readonly { value: Font; label: string }[] = [
  { value: 'MODERN_SANS', label: 'Modern sans' },
  { value: 'BOOK_SANS', label: 'Book sans' },
  { value: 'GEOMETRIC_SANS', label: 'Geometric sans' },
  { value: 'ROUNDED_SANS', label: 'Rounded sans' },
  { value: 'ORGANIC_SANS', label: 'Organic sans' },
  { value: 'HEAVY_SANS', label: 'Heavy sans' },
  { value: 'MODERN_SERIF', label: 'Modern serif' },
  { value: 'BOOK_SERIF', label: 'Book serif' },
  { value: 'MONOSPACE', label: 'Monospace' },
];

const PERIODS = [
  { value: 'weekly', label: 'Weekly' },
  { value: 'monthly', label: 'Monthly' },
] as const;

function valuesOf({ branding, experimentation, aggregationPeriod }: Settings): Values {
  return {
    ...branding,
    logo: branding.logo?.url ?? '',
    appIcon: branding.appIcon?.url ?? '',
    ...experimentation,
    aggregationPeriod,
  };
}

async function save(values: Values): Promise<Settings> {
  const { controlRatio, userActivationWindow, aggregationPeriod, logo, appIcon, ...branding } = values;
  const image = (url: string) => (url === '' ? null : { url });
  return call('patch', '/settings', {
    body: {
      branding: { ...branding, logo: image(logo), appIcon: image(appIcon) },
      experimentation: {
        controlRatio: needed(controlRatio),
        userActivationWindow: needed(userActivationWindow),
      },
      aggregationPeriod,
    },
  });
}

/** What holds for the whole environment. */
export default function SettingsPage() {
  const settings = useGet('/settings');
  const { environment } = useSession();
  return (
    <>
      <PageHeader
        title="Settings"
        hint={
          <>
            What holds for the whole of {environment.name} <Code>{environment.key}</Code>.
          </>
        }
      />
      <Loaded query={settings} skeleton={<Ghost />}>
        {(found) => <SettingsForm settings={found} />}
      </Loaded>
    </>
  );
}

function SettingsForm({ settings }: { settings: Settings }) {
  const canEdit = useCan('editor');
  const form = useForm<Values>({ defaultValues: valuesOf(settings) });
  const saved = useChange(save, (after) => {
    form.reset(valuesOf(after));
    toast('The settings were saved.');
  });
  return (
    <Form form={form} onSubmit={saved.mutateAsync} className="max-w-3xl">
      <fieldset disabled={!canEdit} className="contents">
        <Card>
          <CardHead
            title="Experiment"
            hint="Some new users get nothing of what you design, so that you see what it is worth."
          />
          <div className="grid gap-4 px-5 pb-5 sm:grid-cols-2">
            <NumberField
              name="controlRatio"
              label="Control group, in percent"
              min={0}
              max={100}
              step={1}
              hint="Of users who come from now on. 0 means no experiment."
            />
            <NumberField
              name="userActivationWindow"
              label="Days in which a new user becomes active"
              min={1}
              step={1}
            />
          </div>
        </Card>
        <Card>
          <CardHead title="Recaps" hint="How often users are told what they did." />
          <div className="grid gap-4 px-5 pb-5 sm:grid-cols-2">
            <SelectField name="aggregationPeriod" label="Period" options={PERIODS} />
          </div>
        </Card>
        <Card>
          <CardHead
            title="Branding"
            hint="How your application looks, for those who build with these rules."
          />
          <div className="flex flex-col gap-4 px-5 pb-5">
            <div className="grid gap-4 sm:grid-cols-2">
              <TextField name="appName" label="Name" />
              <TextField name="appUrl" label="Address" type="url" placeholder="https://…" />
              <TextField name="brandColor" label="Colour" hint="Such as #1d6a4d or rgb(29,106,77)." />
              <SelectField name="font" label="Typeface" options={FONTS} />
            </div>
            <BadgeField name="logo" label="Logo" />
            <BadgeField name="appIcon" label="Icon" />
          </div>
        </Card>
        {canEdit && <FormActions submit="Save" />}
      </fieldset>
    </Form>
  );
}

function Ghost() {
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      <Skeleton className="h-44 rounded-xl" />
      <Skeleton className="h-36 rounded-xl" />
      <Skeleton className="h-96 rounded-xl" />
    </div>
  );
}
